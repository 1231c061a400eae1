// Watchlist hits: the newest for the alarm on every page, and all of them for the list.
import { ApiProblem, unwrap } from "@gtvision/shared/api";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { WatchlistHit } from "../api/types";

const NEWEST = 20;
const PAGE = 50;
/** Without the socket, and as a second string to it. */
const REFRESH_MS = 30_000;
/** A picture follows its read within seconds; while it is awaited the list is asked for more often. */
const PICTURE_REFRESH_MS = 2_000;
const PICTURE_WITHIN_MS = 60_000;

/** The start of the keys of both queries: what is to be asked anew when there is news. */
export const HITS_KEY = "watchlist-hits";

export function useNewestHits() {
  return useQuery({
    queryKey: [HITS_KEY, "newest"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/watchlist-hits", { params: { query: { limit: NEWEST } }, signal })),
    refetchInterval: ({ state: { data, error } }) =>
      isForbidden(error) ? false : refreshMs(data?.results ?? [], Date.now()),
    refetchIntervalInBackground: true,
  });
}

export function useHits(city: string | undefined) {
  return useInfiniteQuery({
    queryKey: [HITS_KEY, "list", city],
    queryFn: ({ pageParam: cursor, signal }) =>
      unwrap(
        api.GET("/api/v1/watchlist-hits", {
          params: { query: { city, cursor, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function isForbidden(error: unknown): boolean {
  return error !== null && ApiProblem.from(error).status === 403;
}

export function refreshMs(hits: readonly WatchlistHit[], nowUtcMs: number): number {
  const awaited = hits.some(
    ({ read, stored_at }) =>
      read && !read.image_url && nowUtcMs - Date.parse(stored_at) < PICTURE_WITHIN_MS,
  );
  return awaited ? PICTURE_REFRESH_MS : REFRESH_MS;
}
