// The record of processing and the impact report, as they are now, to read and to take away.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, ErrorState, LoadingState, SelectField, Spinner } from "@gtvision/shared/ui";
import { FileDown } from "lucide-react";
import type { TreatmentReport } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { Sideways } from "../shell/Sideways";
import type { PartProps } from "./PrivacyPage";
import { useTreatment, useTreatmentPdf } from "./useReports";

export function Treatment({ search, onSearch }: PartProps) {
  const kind = search.relatorio ?? "ropa";
  const { data, error, refetch } = useTreatment(kind, search.prefeitura);
  const printing = useTreatmentPdf(kind, search.prefeitura);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SelectField
          label="Relatório"
          value={kind}
          onChange={({ target }) =>
            onSearch({ relatorio: target.value === "ripd" ? "ripd" : undefined })
          }
        >
          <option value="ropa">Registro das operações (ROPA)</option>
          <option value="ripd">Relatório de impacto (RIPD)</option>
        </SelectField>
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
        <Button
          variant="primary"
          className="ml-auto h-9"
          disabled={printing.isPending}
          onClick={() => printing.mutate()}
        >
          {printing.isPending ? (
            <Spinner className="size-4" />
          ) : (
            <FileDown aria-hidden className="size-4" />
          )}
          Baixar PDF
        </Button>
      </div>
      {printing.error && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(printing.error).detail}
        </p>
      )}
      <article className="rounded-lg border border-line bg-panel p-4 sm:p-6">
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Report report={data} />
        ) : (
          <LoadingState />
        )}
      </article>
    </>
  );
}

function Report({ report }: { report: TreatmentReport }) {
  return (
    <>
      <h2 className="text-lg font-semibold">{report.title}</h2>
      <p className="mb-3 text-ink-muted">{report.law}</p>
      <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {report.head.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-ink-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.sections.map((section, index) => (
        <Section key={section.title} number={index + 1} section={section} />
      ))}
      <p className="mt-6 text-xs break-all text-ink-muted">SHA-256 do conteúdo: {report.sha256}</p>
    </>
  );
}

interface SectionProps {
  number: number;
  section: TreatmentReport["sections"][number];
}

function Section({ number, section: { title, paragraphs, table } }: SectionProps) {
  return (
    <section aria-label={title} className="mt-6">
      <h3 className="mb-2 font-semibold">
        {number}. {title}
      </h3>
      {paragraphs.map((paragraph) => (
        <p key={paragraph} className="mb-2 max-w-prose text-ink-soft">
          {paragraph}
        </p>
      ))}
      {table && <ReportTable title={title} columns={table.columns} rows={table.rows} />}
    </section>
  );
}

function ReportTable(props: { title: string; columns: string[]; rows: string[][] }) {
  return (
    <Sideways label={props.title}>
      <table aria-label={props.title} className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-line text-xs text-ink-muted">
            {props.columns.map((column) => (
              <th key={column} scope="col" className="px-2 py-1.5 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.join("|")} className="border-b border-line last:border-b-0">
              {row.map((cell, index) => (
                <td key={index} className="px-2 py-1.5 align-top">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}
