// Erasures of plates with their proofs, and legal holds, which erasure and retention leave alone.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";

const ERASURES = ["plate-erasures"];
const HOLDS = ["legal-holds"];

export function useErasures(city: string | undefined) {
  return useQuery({
    queryKey: [...ERASURES, city],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/plate-erasures", { params: { query: { city } }, signal })),
  });
}

export function useErase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["ErasureRequestRequest"]) =>
      unwrap(api.POST("/api/v1/plate-erasures", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ERASURES }),
  });
}

export function useHolds() {
  return useQuery({
    queryKey: HOLDS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/legal-holds", { signal })),
  });
}

export function usePlaceHold() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewLegalHoldRequest"]) =>
      unwrap(api.POST("/api/v1/legal-holds", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: HOLDS }),
  });
}

export function useReleaseHold() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(api.DELETE("/api/v1/legal-holds/{hold_id}", { params: { path: { hold_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: HOLDS }),
  });
}
