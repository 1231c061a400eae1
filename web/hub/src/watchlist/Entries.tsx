// The watched plates: of which list, why, by whom, and whether they are looked for now.
import { ApiProblem } from "@gtvision/shared/api";
import { PlateBadge } from "@gtvision/shared/plates";
import { formatDateTime, useNow } from "@gtvision/shared/time";
import { Badge, IconButton } from "@gtvision/shared/ui";
import { ListChecks, Trash2 } from "lucide-react";
import { KINDS, type Kind } from "../alerts/words";
import type { WatchlistEntry } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { QueryPanel } from "../shell/QueryPanel";
import { useRemoveEntry, useWatchlist } from "./useWatchlist";
import { validityOf } from "./validity";

interface Props {
  city: string | undefined;
  kind: Kind | undefined;
  mayChange: boolean;
}

export function Entries({ city, kind, mayChange }: Props) {
  const removing = useRemoveEntry();
  return (
    <>
      {removing.isError && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(removing.error).detail}
        </p>
      )}
      <QueryPanel
        query={useWatchlist(city, kind)}
        empty={{
          icon: ListChecks,
          title: "Nenhuma placa monitorada",
          text: mayChange
            ? "Escolha “Monitorar placa” para ser avisado quando ela passar."
            : "O gestor da prefeitura cadastra as placas.",
        }}
      >
        {(entries) => (
          <ul aria-label="Placas monitoradas">
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                onRemove={mayChange ? () => removing.mutate(entry.id) : undefined}
                busy={removing.isPending}
              />
            ))}
          </ul>
        )}
      </QueryPanel>
    </>
  );
}

interface EntryProps {
  entry: WatchlistEntry;
  busy: boolean;
  onRemove?: () => void;
}

function Entry({ entry, busy, onRemove }: EntryProps) {
  const { pattern, tolerant, kind, reason, city, created_by, created_at } = entry;
  const timeZone = useTimeZones()(city.code);
  const [tone, label] = validityOf(entry, useNow(30_000));
  return (
    <li
      data-testid="watchlist-entry"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2.5 last:border-b-0 [contain-intrinsic-size:auto_72px] [content-visibility:auto]"
    >
      <span className="flex w-32 flex-col items-start gap-1">
        <PlateBadge plate={pattern} />
        {tolerant && <span className="text-xs text-ink-soft">e parecidas</span>}
      </span>
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium break-words">{reason}</span>
        <span className="block text-xs text-ink-soft">
          {city.name} · por {created_by} em {formatDateTime(created_at, timeZone)}
        </span>
        <span className="block text-xs text-ink-soft">{validText(entry, timeZone)}</span>
      </span>
      <span className="flex flex-wrap gap-2">
        <Badge tone={kind === "authorised" ? "ok" : "bad"}>{KINDS[kind]}</Badge>
        <Badge tone={tone}>{label}</Badge>
      </span>
      {onRemove && (
        <IconButton
          label={`Parar de monitorar ${pattern}`}
          disabled={busy}
          onClick={() =>
            confirm(`Parar de monitorar ${pattern}? Os alertas já dados ficam na lista.`) &&
            onRemove()
          }
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  );
}

function validText({ valid_from, valid_until }: WatchlistEntry, timeZone: string): string {
  const from = valid_from ? `Vale desde ${formatDateTime(valid_from, timeZone)}` : "Vale";
  return `${from} ${valid_until ? `até ${formatDateTime(valid_until, timeZone)}` : "sem fim"}`;
}
