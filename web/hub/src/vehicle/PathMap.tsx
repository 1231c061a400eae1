// A path over the positions of its cameras: no streets, because they would come from a server on the internet.
import { clsx } from "clsx";
import { MapPinOff } from "lucide-react";
import type { PathPoint } from "../api/types";
import { projectionOf, scaleBar, type Position } from "./projection";
import { formatKm, numbersLabel, stopsOf } from "./summary";

const SIZE = { width: 800, height: 440, margin: 70 };
const GRID = 40;

export function PathMap({ path }: { path: readonly PathPoint[] }) {
  const stops = stopsOf(path);
  const missing = path.filter(({ latitude, longitude }) => latitude === null || longitude === null);
  if (stops.length === 0) {
    return (
      <p className="flex items-center justify-center gap-2 p-8 text-ink-soft">
        <MapPinOff aria-hidden className="size-5" />
        As câmeras deste trajeto não têm posição cadastrada.
      </p>
    );
  }
  const projection = projectionOf(stops, SIZE);
  const { place, metresPerUnit } = projection;
  const bar = scaleBar(metresPerUnit, SIZE.width / 5);
  const names = stops.map(({ name, numbers }) => `${name} (${numbersLabel(numbers)})`);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`Mapa do trajeto: ${names.join("; ")}`}
        data-testid="path-map"
        className="w-full bg-canvas"
      >
        <defs>
          <pattern id="grade" width={GRID} height={GRID} patternUnits="userSpaceOnUse">
            <path d={`M ${GRID} 0 H 0 V ${GRID}`} className="fill-none stroke-line/60" />
          </pattern>
          <marker
            id="seta"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M 0 0 L 8 4 L 0 8 z" fill="context-stroke" />
          </marker>
        </defs>
        <rect width={SIZE.width} height={SIZE.height} fill="url(#grade)" />
        <Legs path={path} place={place} />
        {stops.map((stop) => {
          const { x, y } = place(stop);
          return (
            <g key={stop.id} data-testid="path-stop">
              <circle
                cx={x}
                cy={y}
                r={11}
                className="fill-accent-deep stroke-white stroke-2 max-sm:[r:16px]"
              />
              <Label x={x} y={y + 5}>
                {`${stop.name} (${numbersLabel(stop.numbers)})`}
              </Label>
            </g>
          );
        })}
        <g transform={`translate(20 ${SIZE.height - 18})`}>
          <path
            d={`M 0 -6 V 0 H ${bar.units} V -6`}
            className="fill-none stroke-ink-soft stroke-2"
          />
          <text x={bar.units + 8} className="fill-ink-soft text-[13px] max-sm:text-[24px]">
            {bar.metres < 1000 ? `${bar.metres} m` : formatKm(bar.metres / 1000)}
          </text>
          <text
            x={SIZE.width - 40}
            textAnchor="end"
            className="fill-ink-soft text-[13px] max-sm:text-[24px]"
          >
            ↑ Norte
          </text>
        </g>
      </svg>
      <figcaption className="px-3 py-2 text-xs text-ink-muted">
        Linhas retas entre as câmeras, na ordem das leituras; não são as ruas percorridas.
        {missing.length > 0 && ` ${missing.length} leitura(s) de câmeras sem posição não aparecem.`}
      </figcaption>
    </figure>
  );
}

interface LegsProps {
  path: readonly PathPoint[];
  place: (position: Position) => { x: number; y: number };
}

function Legs({ path, place }: LegsProps) {
  return path.map((point, index) => {
    const before = path[index - 1];
    const [from, to] = [before && positionOf(before), positionOf(point)];
    if (!from || !to || before?.read.camera.id === point.read.camera.id) return null;
    const [start, end] = [place(from), shortened(place(from), place(to))];
    return (
      <line
        key={point.read.id}
        x1={start.x}
        y1={start.y}
        x2={end.x}
        y2={end.y}
        markerEnd="url(#seta)"
        className={clsx(
          "stroke-2",
          point.leg?.impossible ? "stroke-bad [stroke-dasharray:6_5]" : "stroke-accent/70",
        )}
      />
    );
  });
}

function positionOf({ latitude, longitude }: PathPoint): Position | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

/** The arrow ends at the circle's edge, not below it. */
function shortened(from: { x: number; y: number }, to: { x: number; y: number }) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const kept = Math.max(0, length - 14) / length;
  return { x: from.x + (to.x - from.x) * kept, y: from.y + (to.y - from.y) * kept };
}

interface LabelProps {
  x: number;
  y: number;
  children: string;
}

/** Beside its circle, on the side where there is room; on a phone the map is half as large, and its words are not. */
function Label({ x, y, children }: LabelProps) {
  const left = x > SIZE.width * 0.6;
  return (
    <text
      x={left ? x - 20 : x + 20}
      y={y}
      textAnchor={left ? "end" : "start"}
      className="fill-ink stroke-canvas stroke-[4px] text-[15px] font-semibold [paint-order:stroke] max-sm:text-[28px]"
    >
      {children}
    </text>
  );
}
