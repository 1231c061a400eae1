// The releases of the boxes' software, and how each rollout goes.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { NewRollout } from "../api/types";

const ROLLOUTS = ["rollouts"];
const REFRESH_MS = 5_000;

export function useReleases() {
  return useQuery({
    queryKey: ["releases"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/releases", { signal })),
  });
}

export function useRollouts() {
  return useQuery({
    queryKey: ROLLOUTS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/rollouts", { signal })),
    refetchInterval: REFRESH_MS,
  });
}

export function useRollout(id: number | undefined) {
  return useQuery({
    queryKey: [...ROLLOUTS, id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/rollouts/{rollout_id}", {
          params: { path: { rollout_id: id ?? 0 } },
          signal,
        }),
      ),
    enabled: id !== undefined,
    refetchInterval: REFRESH_MS,
  });
}

export function useStartRollout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRollout) => unwrap(api.POST("/api/v1/rollouts", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ROLLOUTS }),
  });
}

export type RolloutAction = components["schemas"]["RolloutActionRequest"]["action"];

export function useActOnRollout(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: RolloutAction) =>
      unwrap(
        api.POST("/api/v1/rollouts/{rollout_id}/action", {
          params: { path: { rollout_id: id } },
          body: { action },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ROLLOUTS }),
  });
}
