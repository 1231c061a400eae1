// The found reads as large pictures; each opens its details.
import { confidenceLabel, PlateBadge, PlateImage, readsLabel } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { clsx } from "clsx";
import { memo } from "react";
import type { PlateRead } from "../api/types";

interface Props {
  read: PlateRead;
  /** Of the same passage. */
  reads: number;
  timeZone: string;
  arrived: boolean;
  onOpen: (read: PlateRead) => void;
}

export const PlateTile = memo(function PlateTile({
  read,
  reads,
  timeZone,
  arrived,
  onOpen,
}: Props) {
  const confidence = confidenceLabel(read.confidence);
  return (
    <li
      className={clsx("overflow-hidden rounded-md border border-line", arrived && "animate-arrive")}
    >
      <button
        type="button"
        data-testid="plate-tile"
        data-plate={read.plate}
        onClick={() => onOpen(read)}
        className="flex size-full flex-col text-left -outline-offset-2 hover:bg-raised"
      >
        <PlateImage read={read} className="aspect-video w-full" />
        <span className="flex min-w-0 flex-col gap-1 p-2">
          <span className="flex items-center justify-between gap-2">
            <PlateBadge plate={read.plate} />
            <span className="text-xs text-ink-muted">
              {[confidence, readsLabel(reads)].filter(Boolean).join(" · ")}
            </span>
          </span>
          <span className="truncate font-medium">{read.camera.name}</span>
          <time dateTime={read.captured_at} className="text-xs text-ink-soft tabular-nums">
            {formatDateTime(read.captured_at, timeZone)}
          </time>
        </span>
      </button>
    </li>
  );
});
