// The clips of this box: how far each is, its download, and its end.
import { formatDateTime, formatTime } from "@gtvision/shared/time";
import {
  Badge,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingState,
  Modal,
  type Tone,
} from "@gtvision/shared/ui";
import { Download, Scissors, Trash2 } from "lucide-react";
import type { Clip } from "../api/types";
import { EvidenceTabs } from "./EvidenceTabs";
import { isUnfinished, useClips, useDeleteClip } from "./queries";

interface Props {
  timeZone: string;
  onHolds: () => void;
  onClose: () => void;
}

const STATES: Record<Clip["state"], [tone: Tone, label: string]> = {
  queued: ["idle", "Na fila"],
  running: ["warn", "Fazendo"],
  done: ["ok", "Pronto"],
  failed: ["bad", "Falhou"],
};

export function ClipList({ timeZone, onHolds, onClose }: Props) {
  const { data, error, refetch } = useClips();
  return (
    <Modal
      title="Recortes"
      description="Trechos exportados desta caixa; confira um com: gtv clip verify ARQUIVO.zip --authority-sha256 IMPRESSÃO"
      onClose={onClose}
      className="max-w-3xl"
    >
      <EvidenceTabs shown="recortes" onOther={onHolds} />
      <div className="overflow-auto">
        {!data &&
          (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />)}
        {data?.results.length === 0 && (
          <EmptyState icon={Scissors} title="Nenhum recorte">
            Amplie uma câmera e use “Exportar trecho”.
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {data?.results.map((clip) => (
            <ClipRow key={clip.id} clip={clip} timeZone={timeZone} />
          ))}
        </ul>
      </div>
    </Modal>
  );
}

function ClipRow({ clip, timeZone }: { clip: Clip; timeZone: string }) {
  const deleting = useDeleteClip();
  const [tone, label] = STATES[clip.state];
  return (
    <li data-testid="clip-row" className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{clip.reason}</p>
        <p className="truncate text-xs text-ink-soft tabular-nums">{spansOf(clip, timeZone)}</p>
        <p className="truncate text-xs text-ink-muted">
          {clip.requester} · {formatDateTime(clip.created, timeZone)}
          {clip.state === "done" && ` · ${megabytes(clip.size_bytes)}`}
          {clip.gaps.length > 0 && ` · ${clip.gaps.length} falha(s) de gravação no trecho`}
        </p>
        {isUnfinished(clip) && (
          <progress
            aria-label="Andamento"
            value={clip.progress}
            className="mt-1 h-1.5 w-full accent-accent"
          />
        )}
        {clip.error && <p className="text-xs text-bad">{clip.error}</p>}
      </div>
      <Badge tone={tone}>{label}</Badge>
      {clip.download_url && (
        <a
          href={clip.download_url}
          download
          aria-label={`Baixar: ${clip.reason}`}
          title="Baixar"
          className="rounded-md p-1.5 text-ink-soft hover:bg-raised hover:text-ink"
        >
          <Download aria-hidden className="size-5" />
        </a>
      )}
      {clip.may_delete && (
        <IconButton
          label={`Apagar: ${clip.reason}`}
          disabled={deleting.isPending}
          onClick={() =>
            confirm("Apagar este recorte? Isto fica registrado.") && deleting.mutate(clip.id)
          }
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  );
}

function spansOf({ spans }: Clip, timeZone: string): string {
  return spans
    .map(
      ({ camera, start, end }) =>
        `${camera.name}: ${formatDateTime(start, timeZone)} a ${formatTime(end, timeZone)}`,
    )
    .join(" · ");
}

const megabytes = (bytes: number) =>
  `${(bytes / 1_000_000).toLocaleString("pt-BR", { maximumFractionDigits: 1 })} MB`;
