// The found reads, newest first, and what to show when there are none.
import { passagesOf, useArrivals, useSteady } from "@gtvision/shared/plates";
import { EmptyState, ErrorState, LoadingState } from "@gtvision/shared/ui";
import { ScanSearch } from "lucide-react";
import type { PlateRead } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { LoadMore } from "../shell/LoadMore";
import { PlateListHeader, PlateRow } from "./PlateRow";
import { PlateTile } from "./PlateTile";
import type { Filters } from "./search";
import type { PlateReads } from "./usePlateReads";

const TABLE = { Read: PlateRow, list: undefined, header: <PlateListHeader /> };
const PICTURES = {
  Read: PlateTile,
  list: "grid grid-cols-2 gap-2 p-2 md:grid-cols-3 xl:grid-cols-4",
  header: null,
};

interface Props {
  filters: Filters;
  /** Large pictures in place of the table. */
  pictures: boolean;
  found: PlateReads;
  onOpen: (read: PlateRead) => void;
}

export function PlateResults({ filters, pictures, found, onOpen }: Props) {
  const { query } = found;
  const timeZoneOf = useTimeZones();
  const list = query.isPlaceholderData ? "" : JSON.stringify(filters);
  const pages = query.data?.pages.length ?? 0;
  const passages = passagesOf(found.reads, ({ passage }) => passage);
  const { items: shown, hold } = useSteady(passages, `${list} ${pages}`);
  const arrived = useArrivals(
    list,
    shown.map(({ id }) => id),
  );

  const { Read, list: className, header } = pictures ? PICTURES : TABLE;

  if (query.isPending) return <LoadingState text="Buscando placas…" />;
  if (query.isError && shown.length === 0) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (shown.length === 0) {
    return (
      <EmptyState icon={ScanSearch} title="Nenhuma placa encontrada">
        Confira a placa e o período, ou limpe a busca. Novas leituras aparecem aqui sozinhas.
      </EmptyState>
    );
  }
  return (
    <>
      {header}
      <ul
        {...hold}
        aria-label="Leituras de placa"
        aria-busy={query.isPlaceholderData}
        className={className}
      >
        {shown.map(({ id, shown: read, reads }) => (
          <Read
            key={id}
            read={read}
            reads={reads.length}
            timeZone={timeZoneOf(read.city.code)}
            arrived={arrived.has(id)}
            onOpen={onOpen}
          />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}
