// One alert, loud: which plate, on which list and why, where and when, with the picture.
import { formatPlate, PlateBadge, PlateImage } from "@gtvision/shared/plates";
import { formatAge, formatDateTime, useNow } from "@gtvision/shared/time";
import { Button } from "@gtvision/shared/ui";
import { Check, Siren } from "lucide-react";
import type { WatchlistHit } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { HitLinks } from "./HitLinks";
import { KINDS } from "./words";

interface Props {
  hit: WatchlistHit;
  onClose: (hit: WatchlistHit) => void;
}

export function HitCard({ hit, onClose }: Props) {
  const timeZone = useTimeZones()(hit.city.code);
  const now = useNow(1000);
  return (
    <article
      data-testid="alert"
      aria-label={`Alerta: placa ${formatPlate(hit.plate)}, ${KINDS[hit.entry.kind]}`}
      className="animate-alarm overflow-hidden rounded-lg bg-panel"
    >
      <p className="flex items-center gap-2 bg-alarm px-3 py-2 font-bold tracking-wide text-white uppercase">
        <Siren aria-hidden className="size-5 shrink-0" />
        <span className="min-w-0 flex-1">{KINDS[hit.entry.kind]}</span>
        <span className="text-xs font-semibold tracking-normal normal-case">
          {formatAge(hit.captured_at, now)}
        </span>
      </p>
      <div className="flex gap-3 p-3">
        {hit.read && (
          <PlateImage read={hit.read} className="h-24 w-36 shrink-0 rounded-md max-sm:w-28" />
        )}
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <span>
            <PlateBadge plate={hit.plate} />
          </span>
          <span className="font-semibold break-words">{hit.entry.reason}</span>
          <span className="text-ink-soft">
            {hit.camera.name} · {hit.city.name}
          </span>
          <time dateTime={hit.captured_at} className="text-xs text-ink-soft tabular-nums">
            {formatDateTime(hit.captured_at, timeZone)}
          </time>
        </div>
      </div>
      <div className="flex flex-wrap gap-2 border-t border-line p-2">
        <HitLinks hit={hit} onFollow={() => onClose(hit)} />
        <Button className="ml-auto" onClick={() => onClose(hit)}>
          <Check aria-hidden className="size-4" />
          Marcar como visto
        </Button>
      </div>
    </article>
  );
}
