// A new box of a prefeitura: its name first, then the command that enrols it, on its page.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, TextField } from "@gtvision/shared/ui";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { CitySelect } from "../cities/CitySelect";
import { useAddNode } from "./useNode";

export function NewNode({ onClose }: { onClose: () => void }) {
  const [city, setCity] = useState<string>();
  const [code, setCode] = useState("");
  const adding = useAddNode();
  const navigate = useNavigate();
  const problem = adding.isError ? ApiProblem.from(adding.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!city) return;
    adding.mutate(
      { city, code: code.trim() },
      {
        onSuccess: () =>
          void navigate({
            to: "/caixas/$prefeitura/$caixa",
            params: { prefeitura: city, caixa: code.trim() },
          }),
      },
    );
  }

  return (
    <Modal
      title="Nova caixa"
      description="Depois, a página dela mostra o comando de cadastro"
      onClose={onClose}
      className="max-w-md"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 p-4">
        <CitySelect required value={city} onChange={setCity} />
        <TextField
          label="Código"
          name="code"
          value={code}
          onChange={({ target }) => setCode(target.value.toLowerCase())}
          placeholder="caixa-02"
          hint="Letras minúsculas, números e hífen"
          error={problem?.fields.code ?? problem?.detail}
          autoComplete="off"
          required
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={adding.isPending}>
            Criar
          </Button>
        </div>
      </form>
    </Modal>
  );
}
