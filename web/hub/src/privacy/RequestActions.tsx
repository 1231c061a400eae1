// What can be done with a request now: start, report or erase, and then fulfil or refuse it.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, SelectField, TextArea } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { PrivacyRequestDetail } from "../api/types";
import { useMove, useReport, type Move } from "./useRequests";
import { BASES } from "./words";

type Basis = Extract<Move, { step: "refusal" }>["basis"];

export function RequestActions({ request }: { request: PrivacyRequestDetail }) {
  const moving = useMove(request.id);
  const reporting = useReport(request.id);
  const error = moving.error ?? reporting.error;
  const problem = error ? ApiProblem.from(error) : null;
  const busy = moving.isPending || reporting.isPending;
  const open = request.state === "received" || request.state === "analysis";
  if (!open) return null;
  return (
    <section aria-label="Providências" className="rounded-lg border border-line bg-panel p-4">
      <h2 className="mb-3 text-base font-semibold">Providências</h2>
      <div className="flex flex-col gap-4">
        {request.state === "received" ? (
          <Button
            variant="primary"
            className="self-start"
            disabled={busy}
            onClick={() => moving.mutate({ step: "analysis" })}
          >
            Começar a análise
          </Button>
        ) : (
          <>
            <PlateWork
              request={request}
              busy={busy}
              onReport={(format) => reporting.mutate(format)}
              onErase={() => moving.mutate({ step: "erasure" })}
            />
            <Closing busy={busy} wrong={problem?.fields.answer} onMove={moving.mutate} />
          </>
        )}
        {problem && (
          <p role="alert" className="text-bad">
            {problem.detail}
          </p>
        )}
      </div>
    </section>
  );
}

interface PlateWorkProps {
  request: PrivacyRequestDetail;
  busy: boolean;
  onReport: (format: "csv" | "pdf") => void;
  onErase: () => void;
}

/** Where the request is about a plate that has not been erased. */
function PlateWork({ request, busy, onReport, onErase }: PlateWorkProps) {
  const { plate, kind } = request;
  if (!plate) return null;
  const sure = () =>
    confirm(
      `Eliminar as leituras de ${plate}? Não há volta. O que uma guarda judicial protege fica guardado.`,
    );
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={busy} onClick={() => onReport("pdf")}>
        Relatório em PDF
      </Button>
      <Button disabled={busy} onClick={() => onReport("csv")}>
        Relatório em CSV
      </Button>
      {kind === "erasure" && (
        <Button disabled={busy} onClick={() => sure() && onErase()} className="text-bad">
          Eliminar os dados da placa
        </Button>
      )}
    </div>
  );
}

interface ClosingProps {
  busy: boolean;
  wrong: string | undefined;
  onMove: (move: Move) => void;
}

function Closing({ busy, wrong, onMove }: ClosingProps) {
  const [refusing, setRefusing] = useState(false);
  const [basis, setBasis] = useState<Basis | "">("");
  const [answer, setAnswer] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!refusing) onMove({ step: "fulfilment", answer });
    else if (basis) onMove({ step: "refusal", answer, basis });
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3 border-t border-line pt-4">
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
        <legend className="sr-only">Como o pedido termina</legend>
        <label className="flex items-center gap-2">
          <input type="radio" name="end" checked={!refusing} onChange={() => setRefusing(false)} />
          Atender
        </label>
        <label className="flex items-center gap-2">
          <input type="radio" name="end" checked={refusing} onChange={() => setRefusing(true)} />
          Recusar
        </label>
      </fieldset>
      {refusing && (
        <SelectField
          label="Base legal da recusa"
          value={basis}
          onChange={({ target }) => setBasis(target.value as Basis)}
          required
        >
          <option value="">Escolha</option>
          {Object.entries(BASES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      <TextArea
        label="Resposta dada ao titular"
        value={answer}
        onChange={({ target }) => setAnswer(target.value)}
        hint="Fica no pedido; com relatório ou eliminação de placa, pode ficar vazia"
        error={wrong}
        maxLength={4000}
        rows={3}
        required={refusing}
      />
      <Button type="submit" variant="primary" disabled={busy} className="self-start">
        {refusing ? "Recusar o pedido" : "Dar por atendido"}
      </Button>
    </form>
  );
}
