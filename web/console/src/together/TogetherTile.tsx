// One of several recordings that are played together.
import { useRecordingPlayer } from "@gtvision/shared/player";
import { Button, Spinner } from "@gtvision/shared/ui";
import { VideoOff } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useLocalRecording } from "../playback/useLocalRecording";
import type { Lane } from "../timeline/Timeline";
import type { CameraStatus, TogetherPlayer } from "./TogetherPlayer";

interface Props {
  camera: Lane;
  together: TogetherPlayer;
  status: CameraStatus;
  sinceUtc: number;
  endUtc: number;
}

export function TogetherTile({ camera, together, status, sinceUtc, endUtc }: Props) {
  const { source, retry } = useLocalRecording(camera.id, {
    startUtc: sinceUtc,
    endUtc,
    startAtUtc: sinceUtc,
  });
  // By HLS the browser knows exactly which picture it shows; by WebRTC each stream has a delay of its own.
  const exact = useMemo(() => ({ ...source, prefers: "hls" as const }), [source]);
  const { player, state, videoRef } = useRecordingPlayer(exact);
  useEffect(() => together.add(camera.id, player), [together, camera.id, player]);
  return (
    <li data-testid="together-tile" data-status={status} className="relative bg-black">
      <video
        ref={videoRef}
        data-testid="player-video"
        data-engine={state.engine}
        aria-label={`Gravação: ${camera.name}`}
        className="absolute inset-0 size-full object-contain"
        muted
        playsInline
      />
      {status !== "shown" && (
        <div
          role="status"
          className={`absolute inset-0 flex flex-col items-center justify-center gap-2 p-3 text-center text-sm ${status === "waiting" ? "bg-black/50" : "bg-canvas"}`}
        >
          <Cover status={status} title={state.failure?.title} onRetry={retry} />
        </div>
      )}
      <span className="absolute bottom-0 left-0 max-w-full truncate bg-canvas/80 px-2 py-0.5 text-xs">
        {camera.name}
      </span>
    </li>
  );
}

interface CoverProps {
  status: CameraStatus;
  title: string | undefined;
  onRetry: () => void;
}

function Cover({ status, title, onRetry }: CoverProps) {
  if (status === "waiting") {
    return (
      <>
        <Spinner className="size-5" />
        Carregando a gravação…
      </>
    );
  }
  return (
    <>
      <VideoOff aria-hidden className="size-7 text-ink-muted" strokeWidth={1.5} />
      {status === "none" ? "Sem gravação neste instante" : title}
      {status === "failed" && <Button onClick={onRetry}>Tentar de novo</Button>}
    </>
  );
}
