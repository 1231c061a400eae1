// The times below a timeline.
import { formatDayMonth, formatHourMinute, formatTime, offsetMs } from "@gtvision/shared/time";
import { fractionOf, tickOf, ticksOf } from "./view";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Props {
  startUtc: number;
  endUtc: number;
  timeZone: string;
}

export function TimelineLabels({ startUtc, endUtc, timeZone }: Props) {
  const tickMs = tickOf(endUtc - startUtc);
  const ticks = ticksOf(startUtc, endUtc, tickMs, offsetMs(endUtc, timeZone));
  const format = formatOf(tickMs);
  return (
    <div aria-hidden className="relative mt-1 h-5 text-xs text-ink-muted tabular-nums">
      {ticks.map((tick, number) => (
        <span
          key={tick}
          // On a phone every second one fits.
          className={`absolute -translate-x-1/2 ${number % 2 === 1 ? "max-sm:hidden" : ""}`}
          style={{ left: `${fractionOf(tick, startUtc, endUtc) * 100}%` }}
        >
          {format(tick, timeZone)}
        </span>
      ))}
    </div>
  );
}

function formatOf(tickMs: number) {
  if (tickMs < MINUTE_MS) return formatTime;
  return tickMs < DAY_MS ? formatHourMinute : formatDayMonth;
}
