// One watched plate that was read: loud in colour and in words, with its picture, until it is acknowledged.
import { PlateBadge, PlateImage, readsLabel } from "@gtvision/shared/plates";
import { formatAge, formatDateTime } from "@gtvision/shared/time";
import { Button } from "@gtvision/shared/ui";
import { clsx } from "clsx";
import { Check, Play, Siren } from "lucide-react";
import type { WatchHit } from "../api/types";
import { gravest, KIND_WORDS, reasonsOf } from "./words";

interface Props {
  hit: WatchHit;
  timeZone: string;
  nowUtc: number;
  onAcknowledge: () => void;
  onOpen: () => void;
}

export function HitCard({ hit, timeZone, nowUtc, onAcknowledge, onOpen }: Props) {
  const { read, entries, reads } = hit;
  const kind = gravest(entries) ?? "wanted";
  const grave = kind === "stolen";
  const repeats = readsLabel(reads);
  return (
    <article
      role="alert"
      data-testid="watch-hit"
      data-plate={read.plate}
      data-kind={kind}
      className={clsx(
        "flex min-w-0 flex-col overflow-hidden rounded-md border-2 bg-panel",
        grave ? "border-bad" : "border-warn",
      )}
    >
      <h3
        className={clsx(
          "flex items-center gap-2 px-2.5 py-1 text-sm font-bold tracking-wide text-black uppercase",
          grave ? "bg-bad" : "bg-warn",
        )}
      >
        <Siren aria-hidden className="size-4 shrink-0 animate-pulse" />
        <span className="min-w-0 flex-1 truncate">{KIND_WORDS[kind].title}</span>
        {repeats && <span className="shrink-0 normal-case">{repeats}</span>}
      </h3>
      <div className="flex min-w-0 gap-3 p-2">
        <PlateImage read={read} className="h-[84px] w-[140px] shrink-0 rounded max-sm:w-[112px]" />
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <span>
            <PlateBadge plate={read.plate} />
          </span>
          {reasonsOf(entries).map((reason) => (
            <p key={reason} className="line-clamp-2 font-semibold break-words" title={reason}>
              {reason}
            </p>
          ))}
          <p className="truncate text-xs text-ink-soft">{read.camera.name}</p>
          <p className="text-xs text-ink-soft tabular-nums">
            <time dateTime={read.captured_at}>{formatDateTime(read.captured_at, timeZone)}</time>
            {` · ${formatAge(read.captured_at, nowUtc)}`}
          </p>
        </div>
      </div>
      <div className="mt-auto flex flex-wrap justify-end gap-2 px-2 pb-2">
        <Button onClick={onOpen}>
          <Play aria-hidden className="size-4" />
          Ver gravação
        </Button>
        <Button variant="primary" data-acknowledge onClick={onAcknowledge}>
          <Check aria-hidden className="size-4" />
          Reconhecer
        </Button>
      </div>
    </article>
  );
}
