// Orders an export of a search: as a table or as a report, and why.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, TextField } from "@gtvision/shared/ui";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { usePurpose } from "../plates/usePurpose";
import type { Filters } from "../plates/search";
import { useOrderExport } from "./useExports";

interface Props {
  filters: Filters;
  onClose: () => void;
}

const FORMATS = [
  ["csv", "CSV", "Tabela para planilhas, de qualquer tamanho"],
  ["pdf", "PDF", "Relatório com imagens, filtros e hash; até 1.000 leituras"],
] as const;

export function ExportDialog({ filters, onClose }: Props) {
  const [format, setFormat] = useState<"csv" | "pdf">("csv");
  const [searched] = usePurpose();
  const [purpose, setPurpose] = useState(searched);
  const ordering = useOrderExport();
  const navigate = useNavigate();
  const problem = ordering.isError ? ApiProblem.from(ordering.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    ordering.mutate(
      { ...filters, format, purpose: purpose.trim() },
      { onSuccess: () => void navigate({ to: "/exportacoes" }) },
    );
  }

  return (
    <Modal
      title="Exportar leituras"
      description="Todas as leituras da busca, não só as que estão na tela"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-xs font-medium text-ink-soft">Formato</legend>
          {FORMATS.map(([value, name, text]) => (
            <label key={value} className="flex items-baseline gap-2">
              <input
                type="radio"
                name="format"
                checked={format === value}
                onChange={() => setFormat(value)}
              />
              <span className="font-medium">{name}</span>
              <span className="text-xs text-ink-soft">{text}</span>
            </label>
          ))}
        </fieldset>
        <TextField
          label="Finalidade"
          name="purpose"
          value={purpose}
          onChange={({ target }) => setPurpose(target.value)}
          placeholder="Ex.: BO 123/2026, ofício da delegacia"
          hint="Obrigatória; fica na trilha de auditoria e no relatório"
          maxLength={500}
          pattern=".*\S.*"
          required
        />
        {problem && (
          <p role="alert" className="text-bad">
            {problem.detail}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={ordering.isPending}>
            Gerar arquivo
          </Button>
        </div>
      </form>
    </Modal>
  );
}
