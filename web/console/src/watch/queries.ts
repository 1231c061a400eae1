// Watched plates that were read and that no guard has acknowledged yet; the box keeps them.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";

export const WATCH_HITS = ["watchlist-hits"];

export function useWatchHits() {
  return useQuery({
    queryKey: WATCH_HITS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/watchlist-hits", { signal })),
    // The box tells of each at once; this is for when its socket is down. Also behind another tab.
    refetchInterval: 3000,
    refetchIntervalInBackground: true,
  });
}

export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reads: string[]) =>
      unwrap(api.POST("/api/watchlist-hits/seen", { body: { reads } })),
    onSettled: () => client.invalidateQueries({ queryKey: WATCH_HITS }),
  });
}
