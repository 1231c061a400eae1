// What is recorded of one camera: ten minutes to a month at a glance; a click plays from there.
import { formatDateTime } from "@gtvision/shared/time";
import { useState } from "react";
import { useBoxNow, useTimeline } from "../box/queries";
import { TimelineBar } from "./TimelineBar";
import { TimelineControls } from "./TimelineControls";
import { TimelineLabels } from "./TimelineLabels";
import { endAround, LENGTHS, type Length } from "./timelineScale";

interface Props {
  camera: string;
  timeZone: string;
  /** The wall clock of the recording on screen; null while live. */
  playingUtc: number | null;
  onPick: (utcMs: number) => void;
}

/** The newest end moves on in steps, so that the same answer serves for a while. */
const STEP_MS = 5000;

export function Timeline({ camera, timeZone, playingUtc, onPick }: Props) {
  const nowUtc = Math.ceil(useBoxNow() / STEP_MS) * STEP_MS;
  const [length, setLength] = useState<Length>(LENGTHS[1]);
  /** Null: up to now. */
  const [fixedEndUtc, setFixedEndUtc] = useState(() => firstEnd(playingUtc, nowUtc));
  const [hoverUtc, setHoverUtc] = useState<number | null>(null);
  const endUtc = fixedEndUtc ?? nowUtc;
  const startUtc = endUtc - length.lengthMs;
  const { data, isError } = useTimeline(camera, startUtc, endUtc);

  function showUntil(utcMs: number) {
    setFixedEndUtc(utcMs >= nowUtc ? null : utcMs);
  }

  function goTo(utcMs: number) {
    showUntil(endAround(utcMs, length.lengthMs, nowUtc));
    onPick(utcMs);
  }

  function zoom(next: Length) {
    const centreUtc = playingUtc ?? endUtc;
    setLength(next);
    showUntil(endAround(centreUtc, next.lengthMs, nowUtc));
  }

  return (
    <section
      aria-label="Linha do tempo"
      className="rounded-md border border-line bg-panel px-3 pt-2 pb-1"
    >
      <TimelineBar
        camera={camera}
        data={data}
        startUtc={startUtc}
        endUtc={endUtc}
        atUtc={playingUtc ?? endUtc}
        timeZone={timeZone}
        onHover={setHoverUtc}
        onPick={onPick}
      />
      <TimelineLabels startUtc={startUtc} endUtc={endUtc} length={length} timeZone={timeZone} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-ink-muted">
        <Legend />
        <span data-testid="timeline-hint" className="tabular-nums">
          {hint(isError, hoverUtc ?? playingUtc, timeZone)}
        </span>
        <TimelineControls
          length={length}
          timeZone={timeZone}
          atNow={fixedEndUtc === null}
          onLength={zoom}
          onMove={(direction) => showUntil(endUtc + (direction * length.lengthMs) / 2)}
          onNow={() => setFixedEndUtc(null)}
          onGoTo={goTo}
        />
      </div>
    </section>
  );
}

/** What is played from long ago is in sight when the camera is opened. */
function firstEnd(playingUtc: number | null, nowUtc: number): number | null {
  if (playingUtc === null) return null;
  const endUtc = endAround(playingUtc, LENGTHS[1].lengthMs, nowUtc);
  return endUtc < nowUtc ? endUtc : null;
}

function hint(isError: boolean, utcMs: number | null, timeZone: string): string {
  if (isError) return "A linha do tempo não está disponível.";
  if (utcMs === null) return "Clique na linha para ver a gravação";
  return formatDateTime(utcMs, timeZone);
}

function Legend() {
  return (
    <>
      <span>
        <span aria-hidden className="mr-1 inline-block size-2.5 rounded-sm bg-accent-deep/60" />
        gravado
      </span>
      <span>
        <span aria-hidden className="mr-1 inline-block h-2.5 w-0.5 bg-warn" />
        leitura de placa
      </span>
    </>
  );
}
