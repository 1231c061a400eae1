// All watchlist hits, newest first.
import { PlateBadge, PlateImage } from "@gtvision/shared/plates";
import { formatDate, formatTime } from "@gtvision/shared/time";
import { Badge } from "@gtvision/shared/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Siren } from "lucide-react";
import type { WatchlistHit } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { isClosing, openRead } from "../plates/openRead";
import { ReadDialog } from "../plates/ReadDialog";
import { LoadMore } from "../shell/LoadMore";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { useAlerts } from "./AlertsProvider";
import { HitLinks } from "./HitLinks";
import type { FeedState } from "./listen";
import { useHits } from "./useHits";
import { KINDS } from "./words";

const route = getRouteApi("/shell/alertas");

export function HitsPage() {
  const search = route.useSearch();
  const { prefeitura } = search;
  const navigate = route.useNavigate();
  const query = useHits(prefeitura);
  const { feed } = useAlerts();
  const timeZoneOf = useTimeZones();
  const { data, error, refetch } = query;
  const rows = { data: data?.pages.flatMap(({ results }) => results), error, refetch };

  return (
    <>
      <PageHeader
        title="Alertas"
        description="Passagens de placas monitoradas, da mais nova à mais antiga"
      >
        <Feed state={feed} />
        <CitySelect
          value={prefeitura}
          onChange={(city) => void navigate({ search: { prefeitura: city } })}
        />
      </PageHeader>
      <QueryPanel
        query={rows}
        empty={{
          icon: Siren,
          title: "Nenhum alerta",
          text: "Quando uma placa monitorada passar por uma câmera, ela aparece aqui e em todas as páginas.",
        }}
      >
        {(hits) => (
          <>
            <ul aria-label="Alertas">
              {hits.map((hit) => (
                <HitRow key={hit.id} hit={hit} timeZone={timeZoneOf(hit.city.code)} />
              ))}
            </ul>
            <LoadMore query={query} />
          </>
        )}
      </QueryPanel>
      <ReadDialog
        open={search}
        listed={rows.data?.flatMap(({ read }) => read ?? []) ?? []}
        onChange={(changes) =>
          void navigate({
            search: (now) => ({ ...now, ...changes }),
            resetScroll: false,
            replace: isClosing(changes),
          })
        }
      />
    </>
  );
}

function Feed({ state }: { state: FeedState }) {
  if (state === "live") return <Badge tone="ok">Ao vivo</Badge>;
  if (state === "away") return <Badge tone="bad">Sem conexão ao vivo</Badge>;
  return <Badge tone="idle">Conectando</Badge>;
}

function HitRow({ hit, timeZone }: { hit: WatchlistHit; timeZone: string }) {
  const { plate, entry, read, camera, city, captured_at } = hit;
  return (
    <li
      data-testid="hit-row"
      className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2.5 last:border-b-0 sm:grid-cols-[auto_8rem_1fr_7rem] lg:grid-cols-[auto_8rem_1.4fr_1fr_7rem_auto]"
    >
      {read ? (
        // For the pointer; the keyboard has the same behind "Ver leitura".
        <Link
          from="/alertas"
          to="."
          search={(now) => ({ ...now, ...openRead(read) })}
          resetScroll={false}
          tabIndex={-1}
          aria-hidden
        >
          <PlateImage read={read} className="h-[72px] w-32 rounded-md" />
        </Link>
      ) : (
        <span className="flex h-[72px] w-32 items-center rounded-md bg-raised p-2 text-xs text-ink-soft">
          Leitura já apagada pelo prazo de guarda
        </span>
      )}
      <span>
        <PlateBadge plate={plate} />
      </span>
      <span className="flex min-w-0 flex-col items-start gap-1 max-sm:col-span-2">
        <Badge tone="bad">{KINDS[entry.kind]}</Badge>
        <span className="max-w-full font-medium break-words">{entry.reason}</span>
      </span>
      <span className="min-w-0 max-lg:order-last max-sm:col-span-2">
        <span className="block truncate font-medium">{camera.name}</span>
        <span className="block truncate text-xs text-ink-muted">{city.name}</span>
      </span>
      <time dateTime={captured_at} className="tabular-nums max-sm:col-span-2">
        <span className="font-medium sm:block">{formatTime(captured_at, timeZone)}</span>{" "}
        <span className="text-xs text-ink-muted sm:block">{formatDate(captured_at, timeZone)}</span>
      </time>
      <span className="flex flex-wrap gap-2 max-lg:order-last max-lg:col-span-2">
        <HitLinks hit={hit} />
      </span>
    </li>
  );
}
