// The hub's first page: number plates as they are read, and the search among all of them.
import { Badge, Button, EmptyState } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { ArrowUp, MessageCircleQuestion } from "lucide-react";
import { useCallback } from "react";
import type { PlateRead } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { PageHeader } from "../shell/PageHeader";
import { isClosing, openRead, type OpenRead } from "./openRead";
import { PlateResults } from "./PlateResults";
import { ReadDialog } from "./ReadDialog";
import { ResultTools } from "./ResultTools";
import { filtersOf, type PlateSearch } from "./search";
import { SearchForm } from "./SearchForm";
import { usePurpose } from "./usePurpose";
import { usePlateReads, type PlateReads } from "./usePlateReads";

const route = getRouteApi("/shell/");

export function PlatesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const timeZone = useTimeZones()(search.prefeitura);
  const filters = filtersOf(search);
  const [purpose, setPurpose] = usePurpose();
  const unasked = filters.plate && !purpose;
  const found = usePlateReads(filters, purpose);

  const change = useCallback(
    (changes: PlateSearch) =>
      void navigate({ search: (now) => ({ ...now, ...changes }), resetScroll: false }),
    [navigate],
  );
  const open = useCallback((read: PlateRead) => change(openRead(read)), [change]);
  const changeOpen = (changes: OpenRead) =>
    void navigate({
      search: (now) => ({ ...now, ...changes }),
      resetScroll: false,
      replace: isClosing(changes),
    });

  return (
    <>
      <PageHeader title="Placas" description="Leituras de placas das câmeras">
        <Freshness found={found} />
      </PageHeader>
      <SearchForm
        search={search}
        timeZone={timeZone}
        purpose={purpose}
        reads={found.reads}
        onSearch={change}
        onPurpose={setPurpose}
      />
      <ResultTools search={search} onSearch={change} />
      <section
        aria-label="Resultados"
        className="mt-2 overflow-clip rounded-lg border border-line bg-panel"
      >
        {unasked ? (
          <EmptyState icon={MessageCircleQuestion} title="Por que você procura esta placa?">
            Preencha a finalidade acima, por exemplo o número do BO, e clique em Buscar.
          </EmptyState>
        ) : (
          <PlateResults
            filters={filters}
            pictures={search.ver === "imagens"}
            found={found}
            onOpen={open}
          />
        )}
      </section>
      <ReadDialog open={search} listed={found.reads} onChange={changeOpen} />
    </>
  );
}

/** Whether the list is being kept up to date, and how to make it so. */
function Freshness({ found: { query, live, backToNewest } }: { found: PlateReads }) {
  if (query.isError) return <Badge tone="bad">Sem conexão: tentando de novo</Badge>;
  if (live) return <Badge tone="ok">Atualizando ao vivo</Badge>;
  if (!query.hasPreviousPage && (query.data?.pages.length ?? 0) <= 1) {
    return <Badge tone="idle">Período encerrado</Badge>;
  }
  return (
    <>
      <Badge tone="idle">Atualização em pausa</Badge>
      <Button
        onClick={() => {
          backToNewest();
          scrollTo({ top: 0 });
        }}
      >
        <ArrowUp aria-hidden className="size-4" />
        Voltar às mais novas
      </Button>
    </>
  );
}
