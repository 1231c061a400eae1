// The audit trail: who saw or changed what, newest first.
import { unwrap } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { api } from "../api/client";
import type { AuditEntry } from "../api/types";
import { useCameras } from "../cameras/useCameras";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { LoadMore } from "../shell/LoadMore";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { actionLabel } from "./actions";
import { AuditFilters } from "./AuditFilters";
import { DownloadCsv } from "./DownloadCsv";
import { isFiltered, toQuery } from "./search";
import { detailText } from "./words";

const route = getRouteApi("/shell/auditoria");

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ["audit", search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/audit", {
          params: { query: { ...toQuery(search), cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const timeZoneOf = useTimeZones();
  const cameras = useCameras().data;
  const { data, error, refetch } = query;
  const rows = { data: data?.pages.flatMap(({ results }) => results), error, refetch };

  const columns: Column<AuditEntry>[] = [
    {
      title: "Horário",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ at, city_code }) => <DateTime at={at} timeZone={timeZoneOf(city_code)} />,
    },
    { title: "Quem", cell: ({ actor }) => actor || "—" },
    { title: "O que fez", cell: ({ action }) => actionLabel(action) },
    {
      title: "Alvo",
      className: "break-all",
      cell: ({ target }) => cameras?.find(({ id }) => id === target)?.name ?? (target || "—"),
    },
    {
      title: "Detalhes",
      className: "text-xs text-ink-soft break-words",
      cell: ({ details, city_code }) => detailText(details, timeZoneOf(city_code)),
    },
  ];

  return (
    <>
      <PageHeader
        title="Auditoria"
        description="Todo acesso a dados pessoais e toda mudança ficam registrados aqui"
      >
        <DownloadCsv search={search} />
      </PageHeader>
      <AuditFilters
        key={JSON.stringify(search)}
        search={search}
        timeZone={timeZoneOf(search.prefeitura)}
        onSearch={(changes) => void navigate({ search: { ...search, ...changes } })}
      />
      <QueryPanel
        query={rows}
        empty={{
          icon: ScrollText,
          title: "Nenhum registro",
          text: isFiltered(search)
            ? "Nada na trilha corresponde a esta busca."
            : "Buscas, vídeos abertos e mudanças aparecerão aqui.",
        }}
      >
        {(entries) => (
          <>
            <DataTable
              label="Trilha de auditoria"
              columns={columns}
              rows={entries}
              keyOf={({ id }) => id}
            />
            <LoadMore query={query} />
          </>
        )}
      </QueryPanel>
    </>
  );
}
