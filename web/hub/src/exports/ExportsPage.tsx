// The person's exports: how far each is, its download, and its end.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime } from "@gtvision/shared/time";
import { Button, IconButton, type Tone } from "@gtvision/shared/ui";
import { Download, FileDown, Trash2 } from "lucide-react";
import type { Camera, Export } from "../api/types";
import { detailText } from "../audit/words";
import { useCameras } from "../cameras/useCameras";
import { useTimeZones } from "../cities/useCities";
import { formatBytes } from "../shell/bytes";
import { FileRow } from "../shell/FileRow";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { isUnfinished, useDeleteExport, useDownloadExport, useExports } from "./useExports";

const STATES: Record<Export["state"], [tone: Tone, label: string]> = {
  queued: ["idle", "Na fila"],
  running: ["warn", "Gerando"],
  done: ["ok", "Pronta"],
  failed: ["bad", "Falhou"],
};

export function ExportsPage() {
  const downloading = useDownloadExport();
  const deleting = useDeleteExport();
  const failure = downloading.error ?? deleting.error;

  return (
    <>
      <PageHeader
        title="Exportações"
        description="Seus arquivos de leituras; cada um é apagado depois de três dias"
      />
      {failure && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(failure).detail}
        </p>
      )}
      <QueryPanel
        query={useExports()}
        empty={{
          icon: FileDown,
          title: "Nenhuma exportação",
          text: "Na página Placas, faça uma busca e escolha “Exportar”.",
        }}
      >
        {(exports) => (
          <ul aria-label="Exportações">
            {exports.map((shown) => (
              <ExportRow
                key={shown.id}
                shown={shown}
                busy={downloading.isPending || deleting.isPending}
                onDownload={() => downloading.mutate(shown.id)}
                onDelete={() => deleting.mutate(shown.id)}
              />
            ))}
          </ul>
        )}
      </QueryPanel>
    </>
  );
}

interface RowProps {
  shown: Export;
  busy: boolean;
  onDownload: () => void;
  onDelete: () => void;
}

function ExportRow({ shown, busy, onDownload, onDelete }: RowProps) {
  const timeZone = useTimeZones()();
  const { format, purpose, filters, created_at, expires_at, state } = shown;
  return (
    <FileRow
      title={purpose}
      facts={[
        `${format.toUpperCase()} · ${filtersText(filters, useCameras().data, timeZone)}`,
        `Pedida em ${formatDateTime(created_at, timeZone)} · ${shown.rows_done.toLocaleString("pt-BR")} leituras`,
        shown.size_bytes !== null &&
          `${formatBytes(shown.size_bytes)} · até ${formatDateTime(expires_at ?? created_at, timeZone)} · SHA-256 ${shown.sha256}`,
      ]}
      state={STATES[state]}
      progress={isUnfinished(shown) ? progressOf(shown) : undefined}
      error={shown.error}
    >
      <Button
        aria-label={`Baixar: ${purpose}`}
        disabled={state !== "done" || busy}
        onClick={onDownload}
      >
        <Download aria-hidden className="size-4" />
        Baixar
      </Button>
      <IconButton
        label={`Apagar: ${purpose}`}
        disabled={isUnfinished(shown) || busy}
        onClick={() => confirm("Apagar este arquivo? Isto fica registrado.") && onDelete()}
      >
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
    </FileRow>
  );
}

function progressOf({ rows_done, rows_total }: Export): number | null {
  return rows_total ? rows_done / rows_total : null;
}

/** What was asked for; what every search has by default is not told. */
function filtersText(
  filters: Record<string, unknown>,
  cameras: readonly Camera[] | undefined,
  timeZone: string,
): string {
  const { match, order, camera, ...asked } = filters;
  const told = {
    ...asked,
    similar: match === "similar",
    order: order === "oldest" ? "mais antigas primeiro" : "",
    camera: cameras?.find(({ id }) => id === camera)?.name ?? camera ?? "",
  };
  return detailText(told, timeZone) || "todas as leituras";
}
