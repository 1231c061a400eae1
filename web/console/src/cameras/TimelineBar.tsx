// The bar of a timeline: spans, plate marks and the playhead; mouse, touch or arrow keys choose a moment.
import { formatDateTime, toUtcMs } from "@gtvision/shared/time";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import type { TimelineData } from "../box/queries";
import { Thumbnail } from "./Thumbnail";
import { fractionOf, instantAt } from "./timelineScale";

interface Props {
  camera: string;
  data: TimelineData | undefined;
  startUtc: number;
  endUtc: number;
  atUtc: number;
  timeZone: string;
  /** The instant under the pointer; null when it leaves. */
  onHover: (utcMs: number | null) => void;
  onPick: (utcMs: number) => void;
}

/** Parts of the bar that an arrow key, and a page key, moves by. */
const STEPS: Record<string, number> = {
  ArrowLeft: -1 / 360,
  ArrowRight: 1 / 360,
  PageDown: -1 / 60,
  PageUp: 1 / 60,
};

export function TimelineBar(props: Props) {
  const { camera, data, startUtc, endUtc, atUtc, timeZone, onHover, onPick } = props;
  const [pointedUtc, setPointedUtc] = useState<number | null>(null);
  const percent = (utcMs: number) => `${fractionOf(utcMs, startUtc, endUtc) * 100}%`;

  function instantOf({ clientX, currentTarget }: PointerEvent): number {
    const { left, width } = currentTarget.getBoundingClientRect();
    return instantAt((clientX - left) / width, startUtc, endUtc);
  }

  function hover(utcMs: number | null) {
    setPointedUtc(utcMs);
    onHover(utcMs);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const utcMs = Math.round(atUtc + step * (endUtc - startUtc));
    onPick(Math.min(Math.max(utcMs, startUtc), endUtc));
  }

  return (
    <div className="relative">
      {pointedUtc !== null && (
        <Thumbnail
          camera={camera}
          atUtc={pointedUtc}
          stepMs={(endUtc - startUtc) / 300}
          left={percent(pointedUtc)}
        />
      )}
      <div
        role="slider"
        tabIndex={0}
        aria-label="Momento da gravação"
        aria-valuemin={startUtc}
        aria-valuemax={endUtc}
        aria-valuenow={atUtc}
        aria-valuetext={formatDateTime(atUtc, timeZone)}
        data-testid="timeline"
        onPointerMove={(event) => hover(instantOf(event))}
        onPointerLeave={() => hover(null)}
        onPointerUp={(event) => onPick(instantOf(event))}
        onKeyDown={onKeyDown}
        className="relative h-9 cursor-pointer touch-none overflow-hidden rounded bg-canvas"
      >
        {data && <Marks data={data} percent={percent} />}
        <span
          className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white"
          style={{ left: percent(atUtc) }}
        />
      </div>
    </div>
  );
}

interface MarksProps {
  data: TimelineData;
  percent: (utcMs: number) => string;
}

function Marks({ data: { spans, reads }, percent }: MarksProps) {
  return (
    <>
      {spans.map(({ start, end }) => (
        <span
          key={start}
          data-testid="timeline-span"
          className="absolute inset-y-0 bg-accent-deep/60"
          style={{ left: percent(toUtcMs(start)), right: `calc(100% - ${percent(toUtcMs(end))})` }}
        />
      ))}
      {reads.map(({ id, at, plate }) => (
        <span
          key={id}
          title={plate}
          className="absolute top-0 h-3 w-0.5 bg-warn"
          style={{ left: percent(toUtcMs(at)) }}
        />
      ))}
    </>
  );
}
