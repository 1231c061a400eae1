// The times below a timeline.
import { formatDayMonth, formatHourMinute, offsetMs } from "@gtvision/shared/time";
import { fractionOf, type Length, ticksOf } from "./timelineScale";

const DAY_MS = 86_400_000;

interface Props {
  startUtc: number;
  endUtc: number;
  length: Length;
  timeZone: string;
}

export function TimelineLabels({ startUtc, endUtc, length, timeZone }: Props) {
  const ticks = ticksOf(startUtc, endUtc, length.tickMs, offsetMs(endUtc, timeZone));
  const format = length.tickMs < DAY_MS ? formatHourMinute : formatDayMonth;
  return (
    <div aria-hidden className="relative mt-1 h-5 text-xs text-ink-muted tabular-nums">
      {ticks.map((tick) => (
        <span
          key={tick}
          className="absolute -translate-x-1/2"
          style={{ left: `${fractionOf(tick, startUtc, endUtc) * 100}%` }}
        >
          {format(tick, timeZone)}
        </span>
      ))}
    </div>
  );
}
