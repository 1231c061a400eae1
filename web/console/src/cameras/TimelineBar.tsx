// The bar of a timeline: spans, plate marks and the playhead; mouse, touch or arrow keys choose a moment.
import { formatDateTime, toUtcMs } from "@gtvision/shared/time";
import type { KeyboardEvent, PointerEvent } from "react";
import type { LastHour } from "../box/queries";
import { fractionOf, instantAt } from "./timelineScale";

interface Props {
  hour: LastHour;
  atUtc: number;
  timeZone: string;
  /** The instant under the pointer; null when it leaves. */
  onHover: (utcMs: number | null) => void;
  onPick: (utcMs: number) => void;
}

const STEPS_MS: Record<string, number> = {
  ArrowLeft: -10_000,
  ArrowRight: 10_000,
  PageDown: -60_000,
  PageUp: 60_000,
};

export function TimelineBar({ hour, atUtc, timeZone, onHover, onPick }: Props) {
  const { startUtc, endUtc, spans, reads } = hour;
  const fraction = (utcMs: number) => fractionOf(utcMs, startUtc, endUtc);

  function pointed({ clientX, currentTarget }: PointerEvent): number {
    const { left, width } = currentTarget.getBoundingClientRect();
    return instantAt((clientX - left) / width, startUtc, endUtc);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS_MS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onPick(Math.min(Math.max(atUtc + step, startUtc), endUtc));
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Momento da gravação"
      aria-valuemin={startUtc}
      aria-valuemax={endUtc}
      aria-valuenow={atUtc}
      aria-valuetext={formatDateTime(atUtc, timeZone)}
      data-testid="timeline"
      onPointerMove={(event) => onHover(pointed(event))}
      onPointerLeave={() => onHover(null)}
      onPointerUp={(event) => onPick(pointed(event))}
      onKeyDown={onKeyDown}
      className="relative h-9 cursor-pointer touch-none overflow-hidden rounded bg-canvas"
    >
      {spans.map(({ start, end }) => (
        <span
          key={start}
          data-testid="timeline-span"
          className="absolute inset-y-0 bg-accent-deep/60"
          style={{
            left: `${fraction(toUtcMs(start)) * 100}%`,
            width: `${(fraction(toUtcMs(end)) - fraction(toUtcMs(start))) * 100}%`,
          }}
        />
      ))}
      {reads.map(({ id, at, plate }) => (
        <span
          key={id}
          title={plate}
          className="absolute top-0 h-3 w-0.5 bg-warn"
          style={{ left: `${fraction(toUtcMs(at)) * 100}%` }}
        />
      ))}
      <span
        className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white"
        style={{ left: `${fraction(atUtc) * 100}%` }}
      />
    </div>
  );
}
