// The watched plates, and where alerts are posted to.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Kind } from "../alerts/words";
import { api } from "../api/client";
import type { components } from "../api/schema";

const ENTRIES = ["watchlist"];
const WEBHOOKS = ["webhooks"];

export function useWatchlist(city: string | undefined, kind: Kind | undefined) {
  return useQuery({
    queryKey: [...ENTRIES, city, kind],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/watchlist", { params: { query: { city, kind } }, signal })),
  });
}

export function useAddEntry() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewWatchlistEntryRequest"]) =>
      unwrap(api.POST("/api/v1/watchlist", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ENTRIES }),
  });
}

export function useRemoveEntry() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/watchlist/{entry_id}", { params: { path: { entry_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ENTRIES }),
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/webhooks", { signal })),
  });
}

export function useAddWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewWebhookRequest"]) =>
      unwrap(api.POST("/api/v1/webhooks", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

export function useRemoveWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.DELETE("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}
