// A look at one read in full. Each is written into the audit trail, so nothing is asked anew by itself.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";

const KEPT_MS = 60_000;

/** Nothing is asked while there is no purpose. */
export function usePlateLook(id: string, capturedAt: string, purpose: string) {
  return useQuery({
    queryKey: ["plate-look", id, purpose],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/plate-reads/{read_id}", {
          params: {
            path: { read_id: Number(id) },
            query: { captured_at: capturedAt, purpose },
          },
          signal,
        }),
      ),
    enabled: purpose !== "",
    staleTime: KEPT_MS,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
