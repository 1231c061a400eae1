// How a box was in the last two days, as small lines.
import type { NodeSample } from "../api/types";
import { Part } from "./Part";

const WIDTH = 300;
const HEIGHT = 48;

interface Line {
  title: string;
  of: (sample: NodeSample) => number | null;
  text: (value: number) => string;
}

const GB = 1e9;
const LINES: readonly Line[] = [
  {
    title: "Processador",
    of: ({ cpu_share: share }) => share,
    text: (share) => `${Math.round(share * 100)} %`,
  },
  {
    title: "Disco livre",
    of: ({ disk_free_bytes: bytes }) => bytes,
    text: (bytes) => `${(bytes / GB).toLocaleString("pt-BR", { maximumFractionDigits: 1 })} GB`,
  },
  {
    title: "Câmeras no ar",
    of: ({ cameras_online: count }) => count,
    text: String,
  },
  {
    title: "A enviar à central",
    of: ({ outbox_depth: depth }) => depth,
    text: (depth) => depth.toLocaleString("pt-BR"),
  },
];

export function NodeHistory({ history }: { history: readonly NodeSample[] }) {
  return (
    <Part title="Últimos dois dias">
      {history.length < 2 ? (
        <p className="text-ink-soft">Ainda sem história: a caixa é ouvida a cada cinco minutos.</p>
      ) : (
        <div className="grid gap-4 sm:grid-cols-2">
          {LINES.map((line) => (
            <Sparkline key={line.title} {...line} history={history} />
          ))}
        </div>
      )}
    </Part>
  );
}

function Sparkline({ title, of, text, history }: Line & { history: readonly NodeSample[] }) {
  const points = history.flatMap((sample) => {
    const value = of(sample);
    return value === null ? [] : [[Date.parse(sample.at), value] as const];
  });
  const newest = points.at(-1);
  if (!newest) return null;
  const values = points.map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [from, until] = [points[0]?.[0] ?? 0, newest[0]];
  const x = (at: number) => ((at - from) / (until - from || 1)) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - least) / (most - least || 1)) * (HEIGHT - 4) - 2;
  const summary = `${text(newest[1])} agora; entre ${text(least)} e ${text(most)}`;
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="flex flex-wrap justify-between gap-x-3 text-xs text-ink-soft">
        <span className="font-medium text-ink">{title}</span>
        <span className="tabular-nums">{summary}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${title}: ${summary}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-12 w-full rounded bg-canvas"
      >
        <polyline
          points={points.map(([at, value]) => `${x(at)},${y(value)}`).join(" ")}
          vectorEffect="non-scaling-stroke"
          className="fill-none stroke-accent"
          strokeWidth={1.5}
        />
      </svg>
    </figure>
  );
}
