// One vehicle: where and when its plate was read, what that says in numbers, and who drove with it.
import { AskPurpose, formatPlate, normalizePlate, PlateBadge } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { EmptyState, ErrorState, LoadingState } from "@gtvision/shared/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import { CarFront, ListFilter } from "lucide-react";
import { useCallback } from "react";
import type { PathPoint, PlateRead } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { isClosing, openRead, type OpenRead } from "../plates/openRead";
import { usePurpose } from "../plates/usePurpose";
import { QuickRanges } from "../plates/QuickRanges";
import { ReadDialog } from "../plates/ReadDialog";
import { PageHeader } from "../shell/PageHeader";
import { Companions } from "./Companions";
import { PathMap } from "./PathMap";
import type { VehicleSearch } from "./search";
import { formatKm, summaryOf, type Summary } from "./summary";
import { Timeline } from "./Timeline";
import { MAX_PATH, useVehiclePath } from "./useVehicle";

const route = getRouteApi("/shell/veiculos/$placa");

export function VehiclePage() {
  const search = route.useSearch();
  const plate = normalizePlate(route.useParams().placa);
  const navigate = route.useNavigate();
  const timeZoneOf = useTimeZones();
  const [purpose, setPurpose] = usePurpose();
  const change = useCallback(
    (changes: VehicleSearch) =>
      void navigate({ search: (now) => ({ ...now, ...changes }), resetScroll: false }),
    [navigate],
  );

  return (
    <>
      <PageHeader title={`Veículo ${formatPlate(plate)}`} description="Trajeto, números e comboio">
        <Link
          to="/"
          search={{ placa: plate }}
          className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-3 font-medium hover:border-line-strong"
        >
          <ListFilter aria-hidden className="size-4" />
          Ver na busca
        </Link>
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-3 rounded-lg border border-line bg-panel p-3">
        <PlateBadge plate={plate} size="lg" />
        <QuickRanges timeZone={timeZoneOf(search.prefeitura)} all="Tudo" onPick={change} />
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => change({ prefeitura })} />
        <p className="w-full text-xs text-ink-soft">{periodText(search, timeZoneOf())}</p>
      </div>
      {purpose ? (
        <Journey
          plate={plate}
          search={search}
          purpose={purpose}
          onSearch={change}
          onRead={(changes) =>
            void navigate({
              search: (now) => ({ ...now, ...changes }),
              resetScroll: false,
              hashScrollIntoView: false,
              replace: isClosing(changes),
            })
          }
        />
      ) : (
        <AskPurpose onPurpose={setPurpose} />
      )}
    </>
  );
}

interface JourneyProps {
  plate: string;
  search: VehicleSearch;
  purpose: string;
  onSearch: (changes: VehicleSearch) => void;
  onRead: (changes: OpenRead) => void;
}

function Journey({ plate, search, purpose, onSearch, onRead }: JourneyProps) {
  const { data: path, error, refetch } = useVehiclePath(plate, search, purpose);

  if (!path) {
    return error ? (
      <ErrorState error={error} onRetry={() => void refetch()} />
    ) : (
      <LoadingState text="Montando o trajeto…" />
    );
  }
  return (
    <>
      {path.length === 0 ? (
        <EmptyState icon={CarFront} title="Nenhuma leitura desta placa">
          Ela não foi lida neste período, ou as leituras já foram apagadas pelo prazo de guarda.
        </EmptyState>
      ) : (
        <Found
          path={path}
          plate={plate}
          search={search}
          onSearch={onSearch}
          onOpen={(read) => onSearch(openRead(read))}
        />
      )}
      <ReadDialog open={search} listed={path.map(({ read }) => read)} onChange={onRead} />
    </>
  );
}

interface FoundProps {
  path: readonly PathPoint[];
  plate: string;
  search: VehicleSearch;
  onSearch: (changes: VehicleSearch) => void;
  onOpen: (read: PlateRead) => void;
}

function Found({ path, plate, search, onSearch, onOpen }: FoundProps) {
  const timeZoneOf = useTimeZones();
  return (
    <div className="flex flex-col gap-4">
      <Facts path={path} timeZoneOf={timeZoneOf} />
      <section aria-label="Mapa" className="overflow-clip rounded-lg border border-line bg-panel">
        <PathMap path={path} />
      </section>
      <Companions
        plate={plate}
        search={search}
        timeZone={timeZoneOf(search.prefeitura)}
        onSearch={onSearch}
      />
      <section
        aria-label="Linha do tempo"
        className="overflow-clip rounded-lg border border-line bg-panel"
      >
        <h2 className="border-b border-line p-3 text-base font-semibold">Linha do tempo</h2>
        <Timeline path={path} timeZoneOf={timeZoneOf} onOpen={onOpen} />
      </section>
    </div>
  );
}

function periodText({ de, ate }: VehicleSearch, timeZone: string): string {
  return (
    [de && `desde ${formatDateTime(de, timeZone)}`, ate && `até ${formatDateTime(ate, timeZone)}`]
      .filter(Boolean)
      .join(", ") || "todo o período guardado"
  );
}

interface FactsProps {
  path: readonly PathPoint[];
  timeZoneOf: (city: string) => string;
}

function Facts({ path, timeZoneOf }: FactsProps) {
  const summary = summaryOf(path);
  if (!summary) return null;
  const facts = factsOf(summary, ({ read }) =>
    formatDateTime(read.captured_at, timeZoneOf(read.city.code)),
  );
  return (
    <section aria-label="Números">
      <dl className="grid grid-cols-2 gap-2 md:grid-cols-3 xl:grid-cols-6">
        {facts.map(([name, value, alarming]) => (
          <div key={name} className="rounded-lg border border-line bg-panel p-3">
            <dt className="text-xs text-ink-muted">{name}</dt>
            <dd className={alarming ? "font-bold text-bad" : "font-semibold tabular-nums"}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {path.length === MAX_PATH && (
        <p className="mt-2 text-xs text-warn">
          Só as {MAX_PATH.toLocaleString("pt-BR")} leituras mais novas são mostradas: escolha um
          período menor para ver as outras.
        </p>
      )}
    </section>
  );
}

function factsOf(
  { reads, cameras, distanceKm, impossible, first, last }: Summary,
  when: (point: PathPoint) => string,
): [name: string, value: string, alarming?: boolean][] {
  return [
    ["Primeira leitura", when(first)],
    ["Última leitura", when(last)],
    ["Leituras", reads.toLocaleString("pt-BR")],
    ["Câmeras", String(cameras)],
    ["Distância em linha reta", formatKm(distanceKm)],
    ["Percursos impossíveis", String(impossible), impossible > 0],
  ];
}
