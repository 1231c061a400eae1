// One plate read of the result list; the whole row opens its details.
import {
  confidenceLabel,
  directionLabel,
  PlateBadge,
  PlateImage,
  readsLabel,
  speedLabel,
  vehicleLabel,
} from "@gtvision/shared/plates";
import { formatDate, formatTime } from "@gtvision/shared/time";
import { clsx } from "clsx";
import { ZoomIn } from "lucide-react";
import { memo } from "react";
import type { PlateRead } from "../api/types";
import { DOUBTFUL } from "./readFacts";

interface Props {
  read: PlateRead;
  /** Of the same passage. */
  reads: number;
  timeZone: string;
  arrived: boolean;
  onOpen: (read: PlateRead) => void;
}

export const PlateRow = memo(function PlateRow({ read, reads, timeZone, arrived, onOpen }: Props) {
  const doubtful = typeof read.confidence === "number" && read.confidence < DOUBTFUL;
  return (
    <li className={clsx("border-b border-line last:border-b-0", arrived && "animate-arrive")}>
      <button
        type="button"
        data-testid="plate-row"
        data-plate={read.plate}
        onClick={() => onOpen(read)}
        className="group grid w-full grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1 px-3 py-2 text-left -outline-offset-2 hover:bg-raised sm:grid-cols-[auto_8rem_1fr_7rem] lg:grid-cols-[auto_8rem_1.4fr_8rem_1fr_6rem_6rem]"
      >
        <span className="relative block h-[72px] w-32 overflow-hidden rounded-md">
          <PlateImage read={read} className="size-full" />
          <span className="absolute inset-0 flex items-center justify-center bg-black/45 opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100">
            <ZoomIn aria-hidden className="size-7 text-white" />
          </span>
        </span>
        <span>
          <PlateBadge plate={read.plate} />
          <span className="block text-xs text-ink-muted">{readsLabel(reads)}</span>
        </span>
        <span className="min-w-0">
          <span className="block truncate font-medium">{read.camera.name}</span>
          <span className="block truncate text-xs text-ink-muted">{read.city.name}</span>
        </span>
        <time dateTime={read.captured_at} className="tabular-nums">
          <span className="block font-medium">{formatTime(read.captured_at, timeZone)}</span>
          <span className="block text-xs text-ink-muted">
            {formatDate(read.captured_at, timeZone)}
          </span>
        </time>
        <span className="hidden min-w-0 lg:block">
          <span className="block truncate">{directionLabel(read.direction) ?? "—"}</span>
          <span className="block truncate text-xs text-ink-muted">{vehicleLabel(read)}</span>
        </span>
        <span className="hidden tabular-nums lg:block">{speedLabel(read.speed_kmh) ?? "—"}</span>
        <span
          className={clsx("hidden tabular-nums lg:block", doubtful && "text-warn")}
          title={doubtful ? "Leitura duvidosa: confira a placa na imagem" : undefined}
        >
          {confidenceLabel(read.confidence) ?? "—"}
          {doubtful && <span className="block text-xs">confira a imagem</span>}
        </span>
      </button>
    </li>
  );
});

export function PlateListHeader() {
  return (
    <div
      aria-hidden
      className="hidden grid-cols-[8rem_8rem_1.4fr_8rem_1fr_6rem_6rem] gap-x-4 border-b border-line px-3 py-2 text-xs font-medium text-ink-muted lg:grid"
    >
      <span>Imagem</span>
      <span>Placa</span>
      <span>Câmera</span>
      <span>Horário</span>
      <span>Direção</span>
      <span>Velocidade</span>
      <span>Confiança</span>
    </div>
  );
}
