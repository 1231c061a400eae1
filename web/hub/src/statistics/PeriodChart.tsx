// Reads by hour or day as columns.
import type { Statistics } from "../api/types";
import { columnsOf, periodLabel, roundUp } from "./periods";

const WIDTH = 1000;
const HEIGHT = 220;
/** Left of it the numbers of the axis, below it the periods. */
const AXIS = { left: 60, bottom: 24, top: 8 };
const LABELS = 7;

export function PeriodChart({ found, by }: { found: Statistics; by: "hour" | "day" }) {
  const columns = columnsOf(found.by_period, by, found.timezone);
  const top = roundUp(Math.max(...columns.map(({ reads }) => reads)));
  const height = HEIGHT - AXIS.bottom - AXIS.top;
  const step = (WIDTH - AXIS.left) / columns.length;
  const every = Math.ceil(columns.length / LABELS);
  const busiest = columns.reduce((one, other) => (other.reads > one.reads ? other : one));
  return (
    <>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${columns.length} períodos; o de mais leituras: ${periodLabel(busiest.startUtc, by, found.timezone)}, ${busiest.reads}`}
        className="w-full max-sm:hidden"
      >
        {[0, 0.5, 1].map((part) => {
          const y = AXIS.top + height * (1 - part);
          return (
            <g key={part}>
              <path d={`M ${AXIS.left} ${y} H ${WIDTH}`} className="stroke-line" />
              <text
                x={AXIS.left - 8}
                y={y + 5}
                textAnchor="end"
                className="fill-ink-muted text-[13px]"
              >
                {(top * part).toLocaleString("pt-BR")}
              </text>
            </g>
          );
        })}
        {columns.map(({ startUtc, reads }, index) => (
          <g key={startUtc}>
            <rect
              x={AXIS.left + index * step + step * 0.1}
              width={Math.min(step * 0.8, 60)}
              y={AXIS.top + height * (1 - reads / top)}
              height={(height * reads) / top}
              className="fill-accent"
            >
              <title>
                {periodLabel(startUtc, by, found.timezone)}: {reads.toLocaleString("pt-BR")}{" "}
                leituras
              </title>
            </rect>
            {index % every === 0 && (
              <text
                x={AXIS.left + index * step + 2}
                y={HEIGHT - 6}
                className="fill-ink-muted text-[13px]"
              >
                {periodLabel(startUtc, by, found.timezone)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <Newest
        columns={columns}
        label={(start) => periodLabel(start, by, found.timezone)}
        top={top}
      />
    </>
  );
}

/** On a phone columns are too thin to be read: the newest periods as a list. */
const NEWEST = 14;

interface NewestProps {
  columns: ReturnType<typeof columnsOf>;
  label: (startUtc: number) => string;
  top: number;
}

function Newest({ columns, label, top }: NewestProps) {
  return (
    <ul className="flex flex-col gap-1 sm:hidden">
      {columns
        .slice(-NEWEST)
        .reverse()
        .map(({ startUtc, reads }) => (
          <li
            key={startUtc}
            className="grid grid-cols-[5.5rem_1fr_4rem] items-center gap-2 text-xs"
          >
            <span className="text-ink-soft tabular-nums">{label(startUtc)}</span>
            <span
              aria-hidden
              className="h-3 rounded-sm bg-accent"
              style={{ width: `${(reads / top) * 100}%` }}
            />
            <span className="text-right tabular-nums">{reads.toLocaleString("pt-BR")}</span>
          </li>
        ))}
    </ul>
  );
}
