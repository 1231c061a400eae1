// How many plates were read, when and where; which most, and which never before.
import { formatDateTime } from "@gtvision/shared/time";
import { unwrap } from "@gtvision/shared/api";
import { EmptyState, ErrorState, LoadingState, SelectField } from "@gtvision/shared/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ChartColumn } from "lucide-react";
import type { ReactNode } from "react";
import { api } from "../api/client";
import type { Statistics } from "../api/types";
import { CameraSelect } from "../cameras/CameraSelect";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { QuickRanges } from "../plates/QuickRanges";
import { PageHeader } from "../shell/PageHeader";
import { Heat } from "./Heat";
import { PeriodChart } from "./PeriodChart";
import { FirstSeen, PerCamera, TopPlates } from "./Rankings";
import type { StatisticsSearch } from "./search";

const route = getRouteApi("/shell/estatisticas");
/** Each look is written into the audit trail: nothing is asked anew by itself. */
const KEPT_MS = 60_000;

export function StatisticsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, isPlaceholderData } = useStatistics(search);
  const timeZone = useTimeZones()(search.prefeitura);
  const change = (changes: StatisticsSearch) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), resetScroll: false });

  return (
    <>
      <PageHeader title="Estatísticas" description={periodText(search, timeZone)} />
      <div className="mb-4 flex flex-wrap items-end gap-3 rounded-lg border border-line bg-panel p-3">
        <QuickRanges timeZone={timeZone} all="Limpar período" onPick={change} />
        <SelectField
          label="Contar por"
          value={search.por ?? ""}
          onChange={({ target }) => change({ por: target.value || undefined })}
        >
          <option value="">Dia</option>
          <option value="hora">Hora</option>
        </SelectField>
        <CitySelect
          value={search.prefeitura}
          onChange={(prefeitura) => change({ prefeitura, camera: undefined })}
        />
        <CameraSelect
          city={search.prefeitura}
          value={search.camera}
          onChange={(camera) => change({ camera })}
        />
      </div>
      {!data &&
        (error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <LoadingState text="Contando leituras…" />
        ))}
      {data?.reads === 0 && (
        <EmptyState icon={ChartColumn} title="Nenhuma leitura no período">
          Escolha outro período ou outra câmera.
        </EmptyState>
      )}
      {data && data.reads > 0 && (
        <div
          aria-busy={isPlaceholderData}
          className="grid gap-4 aria-busy:opacity-60 xl:grid-cols-2"
        >
          <Totals found={data} />
          <Panel title={search.por ? "Leituras por hora" : "Leituras por dia"} wide>
            <PeriodChart found={data} by={search.por ? "hour" : "day"} />
          </Panel>
          <Panel title="Leituras por dia da semana e hora" wide>
            <Heat heat={data.heat} />
          </Panel>
          <Panel title="Leituras por câmera">
            <PerCamera found={data} />
          </Panel>
          <Panel title="Placas mais lidas">
            <TopPlates found={data} />
          </Panel>
          <Panel title="Placas vistas pela primeira vez">
            <FirstSeen found={data} timeZone={timeZone} />
          </Panel>
        </div>
      )}
    </>
  );
}

function useStatistics({ de, ate, camera, prefeitura, por }: StatisticsSearch) {
  const by = por ? ("hour" as const) : ("day" as const);
  const query = { since: de, until: ate, camera, city: prefeitura, by };
  return useQuery({
    queryKey: ["plate-statistics", query],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/plate-statistics", { params: { query }, signal })),
    staleTime: KEPT_MS,
    refetchOnWindowFocus: false,
    // Another grain of the same reads: the old picture stays until the new one is there.
    placeholderData: (before) => before,
  });
}

function periodText({ de, ate }: StatisticsSearch, timeZone: string): string {
  if (!de && !ate) return "Leituras de placas dos últimos sete dias";
  const parts = [
    de && `de ${formatDateTime(de, timeZone)}`,
    ate && `até ${formatDateTime(ate, timeZone)}`,
  ];
  return `Leituras de placas ${parts.filter(Boolean).join(" ")}`;
}

function Panel({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className={`min-w-0 rounded-lg border border-line bg-panel p-3 ${wide ? "xl:col-span-2" : ""}`}
    >
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Totals({ found }: { found: Statistics }) {
  const totals: [string, number][] = [
    ["Leituras", found.reads],
    ["Placas diferentes", found.plates],
    ["Nunca vistas antes", found.new_plates],
  ];
  return (
    <dl className="grid grid-cols-3 gap-2 xl:col-span-2">
      {totals.map(([name, count]) => (
        <div key={name} className="rounded-lg border border-line bg-panel p-3">
          <dt className="text-xs text-ink-muted">{name}</dt>
          <dd className="text-xl font-semibold tabular-nums">{count.toLocaleString("pt-BR")}</dd>
        </div>
      ))}
    </dl>
  );
}
