// The box's clips, ordered here and made there in the background; and the footage that is held without one.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { Clip, ClipOrder, HoldOrder } from "../api/types";

const CLIPS = ["clips"];
const HOLDS = ["holds"];

export function useClips() {
  return useQuery({
    queryKey: CLIPS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/clips", { signal })),
    // The box tells of each change at once; this is for when it cannot.
    refetchInterval: ({ state }) => (state.data?.results.some(isUnfinished) ? 2000 : 15_000),
  });
}

export const isUnfinished = ({ state }: Pick<Clip, "state">) =>
  state === "queued" || state === "running";

export function useOrderClip() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ClipOrder) => unwrap(api.POST("/api/clips", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: CLIPS }),
  });
}

export function useDeleteClip() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (clip_id: string) =>
      unwrap(api.DELETE("/api/clips/{clip_id}", { params: { path: { clip_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: CLIPS }),
  });
}

export function useHolds() {
  return useQuery({
    queryKey: HOLDS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/holds", { signal })),
  });
}

export function useHold() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: HoldOrder) => unwrap(api.POST("/api/holds", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: HOLDS }),
  });
}

export function useReleaseHold() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (hold_id: number) =>
      unwrap(api.DELETE("/api/holds/{hold_id}", { params: { path: { hold_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: HOLDS }),
  });
}
