// One camera live: picture, name, state and the time of the picture. It comes back by itself.
import { useHlsPlayer } from "@gtvision/shared/player";
import { formatTime } from "@gtvision/shared/time";
import { Badge, cameraState, Spinner } from "@gtvision/shared/ui";
import { VideoOff } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { Camera } from "../api/types";

const RETRY_MS = 3000;

interface Props {
  camera: Camera;
  timeZone: string;
}

export function LiveVideo({ camera, timeZone }: Props) {
  const [attempt, setAttempt] = useState(0);
  const offline = camera.state === "offline";
  const source = useMemo(
    () => (offline ? null : { url: `/api/cameras/${camera.id}/live.m3u8`, live: true, attempt }),
    [camera.id, offline, attempt],
  );
  const { state, videoRef } = useHlsPlayer(source);
  const failed = state.phase === "failed" || state.phase === "ended";

  useEffect(() => {
    if (!failed) return;
    const timer = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
    return () => clearTimeout(timer);
  }, [failed]);

  const { tone, label } = cameraState(camera.state);
  return (
    <span className="flex size-full flex-col bg-panel">
      <span className="relative min-h-0 flex-1 overflow-hidden bg-black">
        <video
          ref={videoRef}
          data-testid="live-video"
          aria-label={`Ao vivo: ${camera.name}`}
          className="absolute inset-0 size-full object-contain"
          muted
          playsInline
        />
        <Cover
          offline={offline}
          reason={camera.reason}
          visible={state.timeUtcMs === null || failed}
        />
      </span>
      {/* Below the picture, because cameras burn their own name and clock into its corners. */}
      <span className="flex h-8 shrink-0 items-center gap-3 border-t border-line px-2">
        <span className="min-w-0 flex-1 truncate font-medium">{camera.name}</span>
        {state.timeUtcMs !== null && !failed && (
          <span className="text-xs text-ink-soft tabular-nums">
            {formatTime(state.timeUtcMs, timeZone)}
          </span>
        )}
        <Badge tone={tone}>{label}</Badge>
      </span>
    </span>
  );
}

interface CoverProps {
  offline: boolean;
  reason: string;
  visible: boolean;
}

/** In place of the picture while there is none. */
function Cover({ offline, reason, visible }: CoverProps) {
  if (offline) {
    return (
      <span className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-canvas/90 p-4 text-center">
        <VideoOff aria-hidden className="size-9 text-bad" strokeWidth={1.5} />
        <span className="font-semibold">Sem sinal da câmera</span>
        {reason && <span className="text-sm text-ink-soft">{reason}</span>}
      </span>
    );
  }
  if (!visible) return null;
  return (
    <span className="absolute inset-0 flex items-center justify-center gap-3 bg-canvas/70 text-ink-soft">
      <Spinner className="size-5" />
      Aguardando imagem…
    </span>
  );
}
