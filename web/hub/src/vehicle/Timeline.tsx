// The reads of one vehicle in order of time, with the way between them.
import { directionLabel, PlateBadge, PlateImage } from "@gtvision/shared/plates";
import { formatDate, formatTime } from "@gtvision/shared/time";
import { ArrowDown, TriangleAlert } from "lucide-react";
import type { PathPoint, PlateRead } from "../api/types";
import { formatKm, formatMinutes } from "./summary";

interface Props {
  path: readonly PathPoint[];
  timeZoneOf: (city: string) => string;
  onOpen: (read: PlateRead) => void;
}

export function Timeline({ path, timeZoneOf, onOpen }: Props) {
  return (
    <ol aria-label="Leituras em ordem de horário">
      {path.map(({ read, leg }, index) => (
        // Of a thousand, only those in sight are laid out.
        <li key={read.id} className="[contain-intrinsic-size:auto_110px] [content-visibility:auto]">
          {leg && <Way leg={leg} />}
          <button
            type="button"
            data-testid="path-read"
            onClick={() => onOpen(read)}
            className="grid w-full grid-cols-[2rem_auto_1fr] items-center gap-x-3 px-3 py-2 text-left -outline-offset-2 hover:bg-raised sm:grid-cols-[2rem_auto_1fr_auto_auto]"
          >
            <span className="text-right font-bold text-accent tabular-nums">{index + 1}</span>
            <PlateImage read={read} className="h-16 w-28 rounded-md" />
            <span className="min-w-0">
              <span className="block truncate font-medium">{read.camera.name}</span>
              <span className="block truncate text-xs text-ink-muted">
                {[read.city.name, directionLabel(read.direction)].filter(Boolean).join(" · ")}
              </span>
            </span>
            <span className="max-sm:hidden">
              <PlateBadge plate={read.plate} />
            </span>
            <time
              dateTime={read.captured_at}
              className="tabular-nums max-sm:col-span-2 max-sm:col-start-2"
            >
              <span className="font-medium sm:block">
                {formatTime(read.captured_at, timeZoneOf(read.city.code))}
              </span>{" "}
              <span className="text-xs text-ink-muted sm:block">
                {formatDate(read.captured_at, timeZoneOf(read.city.code))}
              </span>
            </time>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Way({ leg }: { leg: NonNullable<PathPoint["leg"]> }) {
  const way = [formatMinutes(leg.minutes), leg.distance_km ? formatKm(leg.distance_km) : null];
  return (
    <p className="flex items-center gap-2 border-y border-line/60 px-3 py-1 pl-7 text-xs text-ink-soft">
      <ArrowDown aria-hidden className="size-3.5 shrink-0" />
      {way.filter(Boolean).join(" · ")}
      {leg.impossible && (
        <span className="flex items-center gap-1 font-semibold text-bad">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          Impossível para um só veículo: placa clonada ou lida errada
        </span>
      )}
    </p>
  );
}
