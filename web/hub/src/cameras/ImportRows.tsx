// The lines of a spreadsheet and what became of each: what is wrong first, as there is work in it.
import { Badge } from "@gtvision/shared/ui";
import type { ImportRow } from "../api/types";
import { DataTable, type Column } from "../shell/DataTable";

interface Props {
  rows: readonly ImportRow[];
  isDone: boolean;
}

const isWrong = ({ errors }: ImportRow): boolean => Object.keys(errors).length > 0;

export function ImportRows({ rows, isDone }: Props) {
  const sorted = [...rows.filter(isWrong), ...rows.filter((row) => !isWrong(row))];
  const columns: Column<ImportRow>[] = [
    { title: "Linha", className: "w-px tabular-nums", cell: ({ line }) => line },
    { title: "Câmera", cell: ({ name }) => name || "—" },
    {
      title: "Situação",
      cell: (row) =>
        isWrong(row) ? (
          <Badge tone="bad">Com erro</Badge>
        ) : (
          <Badge tone="ok">{isDone ? "Cadastrada" : "Boa"}</Badge>
        ),
    },
    { title: "O que corrigir", cell: ({ errors }) => <Errors errors={errors} /> },
  ];
  if (rows.some(({ lpr_secret }) => lpr_secret))
    columns.push({
      title: "Senha para enviar placas (não aparece de novo)",
      cell: ({ lpr_secret }) => <code className="text-xs break-all">{lpr_secret}</code>,
    });
  return (
    <DataTable
      label="Linhas da planilha"
      columns={columns}
      rows={sorted}
      keyOf={({ line }) => line}
    />
  );
}

function Errors({ errors }: Pick<ImportRow, "errors">) {
  return (
    <ul className="flex flex-col gap-1 empty:hidden">
      {Object.entries(errors).map(([column, texts]) => (
        <li key={column}>
          <span className="font-medium">{column}</span>: {texts.join(" ")}
        </li>
      ))}
    </ul>
  );
}
