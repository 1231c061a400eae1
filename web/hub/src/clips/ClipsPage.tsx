// The clips ordered at the hub: how far each is, its download, and its end.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime, formatTime } from "@gtvision/shared/time";
import { Button, IconButton, type Tone } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { Download, Scissors, Trash2 } from "lucide-react";
import type { Clip } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { formatBytes } from "../shell/bytes";
import { FileRow } from "../shell/FileRow";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { NewClip } from "./NewClip";
import { isUnfinished, useClips, useDeleteClip, useDownloadClip } from "./useClips";

const route = getRouteApi("/shell/recortes");

const STATES: Record<Clip["state"], [tone: Tone, label: string]> = {
  ordered: ["idle", "Esperando a caixa"],
  made: ["warn", "Enviando"],
  sent: ["warn", "Conferindo"],
  done: ["ok", "Pronto"],
  failed: ["bad", "Falhou"],
};

export function ClipsPage() {
  const { novo, camera } = route.useSearch();
  const navigate = route.useNavigate();
  const downloading = useDownloadClip();
  const deleting = useDeleteClip();
  const failure = downloading.error ?? deleting.error;

  return (
    <>
      <PageHeader
        title="Recortes"
        description="Trechos de gravação assinados pela caixa; confira um com: gtv clip verify ARQUIVO.zip"
      >
        <Button
          variant="primary"
          className="h-9"
          onClick={() => void navigate({ search: { novo: true } })}
        >
          <Scissors aria-hidden className="size-4" />
          Pedir recorte
        </Button>
      </PageHeader>
      <p className="mb-3 text-xs text-ink-muted">
        Apagar aqui não apaga a cópia da caixa: ela fica lá até ser apagada no console local.
      </p>
      {failure && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(failure).detail}
        </p>
      )}
      <QueryPanel
        query={useClips()}
        empty={{
          icon: Scissors,
          title: "Nenhum recorte",
          text: "Escolha “Pedir recorte” e diga a câmera, o período e o motivo.",
        }}
      >
        {(clips) => (
          <ul aria-label="Recortes">
            {clips.map((clip) => (
              <ClipRow
                key={clip.id}
                clip={clip}
                busy={downloading.isPending || deleting.isPending}
                onDownload={() => downloading.mutate(clip.id)}
                onDelete={() => deleting.mutate(clip.id)}
              />
            ))}
          </ul>
        )}
      </QueryPanel>
      {novo && <NewClip camera={camera} onClose={() => void navigate({ search: {} })} />}
    </>
  );
}

interface RowProps {
  clip: Clip;
  busy: boolean;
  onDownload: () => void;
  onDelete: () => void;
}

function ClipRow({ clip, busy, onDownload, onDelete }: RowProps) {
  const user = useUser();
  const timeZone = useTimeZones()(clip.city.code);
  const { reason, camera, city, start, end, requester, created_at, state } = clip;
  // As the hub has it: who ordered it, and who governs the city.
  const mayDelete = requester === user?.username || user?.role !== "visualizador";
  return (
    <FileRow
      title={reason}
      facts={[
        `${camera.name} · ${city.name} · ${formatDateTime(start, timeZone)} a ${formatTime(end, timeZone)}`,
        `Pedido por ${requester} em ${formatDateTime(created_at, timeZone)}`,
        clip.size_bytes > 0 && `${formatBytes(clip.size_bytes)} · SHA-256 ${clip.sha256}`,
      ]}
      state={STATES[state]}
      progress={isUnfinished(clip) ? progressOf(clip) : undefined}
      error={clip.error}
    >
      <Button
        aria-label={`Baixar: ${reason}`}
        disabled={state !== "done" || busy}
        onClick={onDownload}
      >
        <Download aria-hidden className="size-4" />
        Baixar
      </Button>
      {mayDelete && (
        <IconButton
          label={`Apagar: ${reason}`}
          disabled={busy}
          onClick={() =>
            confirm(
              "Apagar este recorte daqui? A caixa fica com a cópia dela. Isto fica registrado.",
            ) && onDelete()
          }
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
    </FileRow>
  );
}

/** Until the box has made it nobody knows how far it is. */
function progressOf({ state, progress }: Clip): number | null {
  return state === "ordered" ? null : progress;
}
