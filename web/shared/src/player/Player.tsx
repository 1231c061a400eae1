// A recording on screen: picture, wall clock, controls, and what is happening when there is no picture.
import { clsx } from "clsx";
import { useCallback, useEffect, useRef, useState } from "react";
import { Spinner } from "../ui";
import { FailureCard } from "./FailureCard";
import type { PlaybackFailure } from "./failure";
import type { Phase } from "./engine";
import { PlayerControls } from "./PlayerControls";
import { usePlayerKeys } from "./playerKeys";
import type { VideoSource } from "./RecordingPlayer";
import { useRecordingPlayer } from "./useRecordingPlayer";

interface Props {
  /** Null while it is being asked for. */
  source: VideoSource | null;
  /** What the video shows, for those who cannot see it. */
  label: string;
  timeZone: string;
  /** The moment that the video is about (a plate read), marked on the bar. */
  momentUtc?: number;
  /** Why the source could not be had. */
  failure?: PlaybackFailure | null;
  onRetry: () => void;
  /** Takes the height it is given, in place of the height that the picture asks for. */
  fill?: boolean;
  /** Told the wall clock of the picture, for a timeline outside. */
  onTime?: (utcMs: number) => void;
}

const WAITING: Partial<Record<Phase, string>> = {
  idle: "Aguardando a caixa…",
  opening: "Aguardando a caixa…",
  buffering: "Carregando a gravação…",
};

export function Player({
  source,
  label,
  timeZone,
  momentUtc,
  failure,
  onRetry,
  fill = false,
  onTime,
}: Props) {
  const { player, state, videoRef } = useRecordingPlayer(source);
  const [muted, setMuted] = useState(true);
  const frame = useRef<HTMLDivElement>(null);
  const problem = failure ?? state.failure;
  const { timeUtcMs } = state;
  useEffect(() => {
    if (timeUtcMs !== null) onTime?.(timeUtcMs);
  }, [timeUtcMs, onTime]);
  const onFullScreen = useCallback(() => toggleFullScreen(frame.current), []);
  const onMute = useCallback(() => setMuted((now) => !now), []);
  const { rate, rates } = state;
  const running = state.phase === "playing" || state.phase === "buffering";
  usePlayerKeys({ player, running, rate, rates, onMute, onFullScreen }, frame);
  const waiting = problem ? undefined : WAITING[state.phase];

  return (
    <div ref={frame} className={clsx("flex flex-col bg-panel", fill && "h-full")}>
      <div
        className={clsx(
          "relative bg-black in-[:fullscreen]:max-h-none in-[:fullscreen]:flex-1",
          fill ? "min-h-0 flex-1" : "aspect-video max-h-[calc(100dvh-12rem)]",
        )}
      >
        {/* Sound is off until somebody wants it. */}
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- cameras send none */}
        <video
          ref={videoRef}
          data-testid="player-video"
          aria-label={label}
          className="absolute inset-0 size-full object-contain"
          data-engine={state.engine}
          muted={muted}
          playsInline
        />
        {waiting && (
          <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-3 bg-black/55">
            <Spinner className="size-8" />
            <p role="status">{waiting}</p>
          </div>
        )}
        {problem && (
          <div className="absolute inset-0 flex items-center justify-center bg-canvas/95">
            <FailureCard failure={problem} onRetry={onRetry} />
          </div>
        )}
      </div>
      <PlayerControls
        player={player}
        state={state}
        timeZone={timeZone}
        momentUtc={momentUtc}
        muted={muted}
        onMute={setMuted}
        onFullScreen={onFullScreen}
      />
    </div>
  );
}

function toggleFullScreen(element: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void element?.requestFullscreen();
}
