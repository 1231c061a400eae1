// One camera live, through the relay: its picture, or in words why there is none; it comes back by itself.
import { AUTOMATIC, type LiveState, useLivePlayer } from "@gtvision/shared/live";
import { SoundButton } from "@gtvision/shared/player";
import { Button, Spinner } from "@gtvision/shared/ui";
import { VideoOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Camera } from "../api/types";
import type { Best } from "./LiveSession";
import { figures } from "./figures";
import { useLiveSession } from "./useLiveSession";

interface Props {
  camera: Pick<Camera, "id" | "name" | "measured">;
  quality: Best;
  /** In the line below the picture. */
  children?: ReactNode;
}

export function LiveVideo({ camera, quality, children }: Props) {
  const { ask, again } = useLiveSession(camera.id, quality);
  const { state, videoRef } = useLivePlayer(ask, quality === "sub" ? "sub" : AUTOMATIC);
  const [muted, setMuted] = useState(true);
  const playing = state.phase === "webrtc" || state.phase === "hls";
  return (
    <div className="flex size-full min-h-0 flex-col bg-panel">
      <div className="relative min-h-0 flex-1 overflow-hidden bg-black">
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- cameras send none */}
        <video
          ref={videoRef}
          data-testid="live-video"
          aria-label={`Ao vivo: ${camera.name}`}
          className="absolute inset-0 size-full object-contain"
          muted={muted}
          playsInline
        />
        {!playing && <Cover state={state} onAgain={again} />}
      </div>
      {/* Below the picture, because cameras burn their own name and clock into its corners. */}
      <div className="flex h-9 shrink-0 items-center gap-3 border-t border-line px-2">
        <span className="min-w-0 flex-1 truncate font-medium">{camera.name}</span>
        {playing && (
          <span
            data-testid="live-quality"
            data-transport={state.phase}
            className="truncate text-xs text-ink-soft tabular-nums max-lg:hidden"
          >
            {figures(state)}
          </span>
        )}
        {camera.measured?.audio_codec && <SoundButton muted={muted} onMute={setMuted} />}
        {children}
      </div>
    </div>
  );
}

/** In place of the picture while there is none. */
function Cover({ state, onAgain }: { state: LiveState; onAgain: () => void }) {
  if (!state.failure) {
    return (
      <p className="absolute inset-0 flex items-center justify-center gap-3 bg-canvas/70 text-ink-soft">
        <Spinner className="size-5" />
        Conectando à câmera…
      </p>
    );
  }
  return (
    <div
      role="status"
      className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-canvas/90 p-4 text-center"
    >
      <VideoOff aria-hidden className="size-9 text-bad" strokeWidth={1.5} />
      <p className="font-semibold">{state.failure.title}</p>
      <p className="max-w-md text-sm text-ink-soft">{state.failure.detail}</p>
      {state.failure.kind === "session-ended" && (
        <Button variant="primary" onClick={onAgain}>
          Continuar assistindo
        </Button>
      )}
    </div>
  );
}
