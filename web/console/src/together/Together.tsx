// Up to four recordings side by side: one clock, one row of buttons, and a lane of the timeline for each camera.
import { useKeys } from "@gtvision/shared/keys";
import { PlayerControls, usePlayerKeys } from "@gtvision/shared/player";
import { Button } from "@gtvision/shared/ui";
import { LayoutGrid, Scissors } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useBoxNow } from "../box/queries";
import { toggleFullScreen } from "../cameras/fullScreen";
import { Timeline, type Lane } from "../timeline/Timeline";
import type { Stretch } from "../timeline/view";
import { TogetherTile } from "./TogetherTile";
import { useTogetherPlayer } from "./useTogetherPlayer";

/** How much is loaded at once from the chosen moment on. */
const LENGTH_MS = 30 * 60_000;
/** Footage up to here can be played by now; the next stretch is loaded when it begins. */
const SETTLED_MS = 30_000;

interface Props {
  cameras: readonly Lane[];
  timeZone: string;
  sinceUtc: number;
  onPlayFrom: (utcMs: number) => void;
  onBack: () => void;
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
  onExport: (atUtc: number) => void;
}

export function Together(props: Props) {
  const { cameras, timeZone, sinceUtc, onPlayFrom, onBack, mark, onMark, onExport } = props;
  const frame = useRef<HTMLDivElement>(null);
  const nowUtc = useBoxNow();
  const endUtc = sinceUtc + LENGTH_MS;
  const { player, state } = useTogetherPlayer(cameras, sinceUtc, endUtc);
  const { phase, timeUtcMs, rate, rates } = state;
  const atUtc = timeUtcMs ?? sinceUtc;
  const running = phase === "playing" || phase === "buffering";

  const isOver = phase === "ended" && nowUtc > endUtc + SETTLED_MS;
  useEffect(() => {
    if (isOver) onPlayFrom(endUtc);
  }, [isOver, endUtc, onPlayFrom]);

  const onFullScreen = useCallback(() => toggleFullScreen(frame.current), []);
  usePlayerKeys({ player, running, rate, rates, onFullScreen }, frame);
  const keys = useMemo(() => ({ e: () => onExport(atUtc) }), [atUtc, onExport]);
  useKeys(keys);

  function goTo(utcMs: number) {
    if (utcMs >= sinceUtc && utcMs < endUtc) player.seekUtc(utcMs);
    else onPlayFrom(utcMs);
  }

  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <Button aria-label="Mosaico" onClick={onBack}>
          <LayoutGrid aria-hidden className="size-4" />
          <span className="max-sm:hidden">Mosaico</span>
        </Button>
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">Câmeras juntas</h2>
        <Button aria-label="Exportar trecho" onClick={() => onExport(atUtc)}>
          <Scissors aria-hidden className="size-4" />
          <span className="max-sm:hidden">Exportar trecho</span>
        </Button>
      </div>
      <div
        ref={frame}
        className="flex min-h-72 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel max-md:min-h-132"
      >
        <ul
          aria-label="Gravações juntas"
          className={`grid min-h-0 flex-1 auto-rows-fr gap-px ${cameras.length > 1 ? "grid-cols-2" : ""}`}
        >
          {cameras.map((camera) => (
            <TogetherTile
              key={camera.id}
              camera={camera}
              together={player}
              status={state.cameras[camera.id] ?? "waiting"}
              sinceUtc={sinceUtc}
              endUtc={endUtc}
            />
          ))}
        </ul>
        <PlayerControls
          player={player}
          state={state}
          timeZone={timeZone}
          muted
          onMute={() => undefined}
          onFullScreen={onFullScreen}
        />
      </div>
      <Timeline
        lanes={cameras}
        timeZone={timeZone}
        playingUtc={atUtc}
        onPick={goTo}
        mark={mark}
        onMark={onMark}
        onExport={() => onExport(atUtc)}
      />
    </div>
  );
}
