// One city's plate policy, and how far back its reads go.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { PlatePolicy } from "../api/types";

const keyOf = (city: string) => ["plate-policy", city];

export function usePolicy(city: string) {
  return useQuery({
    queryKey: keyOf(city),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/cities/{code}/plate-policy", {
          params: { path: { code: city } },
          signal,
        }),
      ),
  });
}

/** The instant of the city's oldest read, RFC 3339; null: it has none. Each question is an entry of the audit trail. */
export function useOldestRead(city: string, wanted: boolean) {
  return useQuery({
    queryKey: ["oldest-read", city],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/plate-reads", {
          params: { query: { city, order: "oldest", limit: 1 } },
          signal,
        }),
      ),
    select: ({ results }) => results[0]?.captured_at ?? null,
    enabled: wanted,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

export function useChangePolicy(city: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...body }: PlatePolicy) =>
      unwrap(
        api.PUT("/api/v1/cities/{code}/plate-policy", {
          params: { path: { code: city }, header: ifMatch(etag) },
          body,
        }),
      ),
    onSuccess: (changed) => client.setQueryData<PlatePolicy>(keyOf(city), changed),
  });
}
