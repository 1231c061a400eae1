// A request that came in by the city hall's protocol desk is registered, and has its deadline from then on.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, SelectField, TextArea, TextField } from "@gtvision/shared/ui";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import type { PrivacyRequest } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useOpenRequest } from "./useRequests";
import { REQUEST_KINDS } from "./words";

interface Props {
  city: string | undefined;
  onClose: () => void;
}

export function NewRequest({ city: shown, onClose }: Props) {
  const [city, setCity] = useState(shown);
  const [kind, setKind] = useState<PrivacyRequest["kind"]>("access");
  const navigate = useNavigate();
  const opening = useOpenRequest();
  const problem = opening.isError ? ApiProblem.from(opening.error) : null;
  const wrong = problem?.fields ?? {};

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const body = {
      city,
      kind,
      plate: text("plate"),
      description: text("description"),
      requester: text("requester"),
      reference: text("reference"),
      received_on: text("received_on") || null,
    };
    opening.mutate(body, {
      onSuccess: ({ id }) =>
        void navigate({ to: "/privacidade/pedidos/$pedido", params: { pedido: String(id) } }),
    });
  }

  return (
    <Modal
      title="Registrar pedido de titular"
      description="O prazo de 15 dias conta da data do pedido"
      onClose={onClose}
      className="max-w-xl"
    >
      <form onSubmit={submit} className="grid gap-4 overflow-auto p-4 sm:grid-cols-2">
        <CitySelect required value={city} onChange={setCity} className="sm:col-span-2" />
        <SelectField
          label="O que a pessoa pede"
          value={kind}
          onChange={({ target }) => setKind(target.value as PrivacyRequest["kind"])}
          className="sm:col-span-2"
        >
          {Object.entries(REQUEST_KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Titular"
          name="requester"
          error={wrong.requester}
          maxLength={200}
          pattern=".*\S.*"
          autoComplete="off"
          required
        />
        <TextField
          label="Protocolo"
          name="reference"
          placeholder="Ex.: Protocolo 77/2026"
          error={wrong.reference}
          maxLength={200}
          pattern=".*\S.*"
          autoComplete="off"
          required
        />
        <TextField
          label="Placa"
          name="plate"
          hint="Vazia, se o pedido não trata de um veículo"
          error={wrong.plate}
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <TextField
          label="Recebido em"
          name="received_on"
          type="date"
          hint="Vazio: hoje"
          error={wrong.received_on}
        />
        <TextArea
          label="O pedido, em palavras"
          name="description"
          hint={kind === "correction" ? "Obrigatório" : "Obrigatório sem placa"}
          error={wrong.description}
          maxLength={4000}
          rows={3}
          className="sm:col-span-2"
        />
        {problem && (
          <p role="alert" className="text-bad sm:col-span-2">
            {problem.detail}
          </p>
        )}
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={opening.isPending}>
            Registrar
          </Button>
        </div>
      </form>
    </Modal>
  );
}
