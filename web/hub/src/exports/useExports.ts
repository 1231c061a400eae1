// The signed-in person's exports of plate reads: ordered here, made by the hub, kept for some days.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { Export } from "../api/types";

const KEY = ["plate-exports"];
const PROGRESS_MS = 1000;

export function isUnfinished({ state }: Export): boolean {
  return state === "queued" || state === "running";
}

export function useExports() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/plate-exports", { signal })),
    refetchInterval: ({ state }) => (state.data?.some(isUnfinished) ? PROGRESS_MS : false),
  });
}

export function useOrderExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewExportRequest"]) =>
      unwrap(api.POST("/api/v1/plate-exports", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.DELETE("/api/v1/plate-exports/{export_id}", { params: { path: { export_id: id } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Asks for the address, which is good for minutes, and goes there: the answer is a file, the page stays. */
export function useDownloadExport() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.POST("/api/v1/plate-exports/{export_id}/download", {
          params: { path: { export_id: id } },
        }),
      ),
    onSuccess: ({ url }) => location.assign(url),
  });
}
