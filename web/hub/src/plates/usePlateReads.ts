// The reads that a search finds: pages on demand, and the newest every second.
import { unwrap } from "@gtvision/shared/api";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { isOpenEnded, type Filters } from "./search";

const PAGE = 50;
const REFRESH_MS = 1000;

/** `purpose` goes into the audit trail; for a plate nothing is asked without. */
export function usePlateReads(filters: Filters, purpose: string) {
  const client = useQueryClient();
  const queryKey = ["plate-reads", filters, purpose];
  const query = useInfiniteQuery({
    queryKey,
    enabled: !filters.plate || purpose !== "",
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/plate-reads", {
          params: {
            query: { ...filters, cursor: pageParam, limit: PAGE, purpose: purpose || undefined },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    // Who reads older pages is not disturbed: refreshing goes on when they return to the first.
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 1) === 1 && isOpenEnded(filters, Date.now())
        ? REFRESH_MS
        : false,
  });
  const pages = query.data?.pages ?? [];

  return {
    query,
    reads: pages.flatMap(({ results }) => results),
    live: pages.length <= 1 && isOpenEnded(filters, query.dataUpdatedAt),
    backToNewest: () => {
      client.setQueryData<typeof query.data>(
        queryKey,
        (data) =>
          data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
      );
      void client.invalidateQueries({ queryKey });
    },
  };
}

export type PlateReads = ReturnType<typeof usePlateReads>;
