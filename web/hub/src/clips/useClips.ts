// Clips ordered at the hub: cut and signed by the box, sent when its line allows.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { Clip } from "../api/types";

const KEY = ["clips"];
const PROGRESS_MS = 2000;

export function isUnfinished({ state }: Clip): boolean {
  return state !== "done" && state !== "failed";
}

export function useClips() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/clips", { signal })),
    refetchInterval: ({ state }) => (state.data?.some(isUnfinished) ? PROGRESS_MS : false),
  });
}

export function useOrderClip() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewClipRequest"]) =>
      unwrap(api.POST("/api/v1/clips", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteClip() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/clips/{clip_id}", { params: { path: { clip_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Asks for the address, which is good for minutes, and goes there: the answer is a file, the page stays. */
export function useDownloadClip() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.GET("/api/v1/clips/{clip_id}/download", { params: { path: { clip_id: id } } })),
    onSuccess: ({ url }) => location.assign(url),
  });
}
