// One box: how it is, its alarms, what it was told to do, and its identity.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { EdgeNode } from "../api/types";

export interface Place {
  city: string;
  code: string;
}

const NODES = ["nodes"];
const REFRESH_MS = 5_000;
/** While an answer is waited for. */
const ANSWER_MS = 1_000;

/** The boxes that the signed-in person may see. */
export function useNodes() {
  return useQuery({
    queryKey: NODES,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/nodes", { signal })),
    refetchInterval: REFRESH_MS,
  });
}

/** A prefeitura's; none while it is not known which. */
export function useNodesOf(city: string | undefined): readonly EdgeNode[] {
  return useNodes().data?.filter((node) => node.city.code === city) ?? [];
}

export function useNode(path: Place) {
  return useQuery({
    queryKey: [...NODES, path],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/nodes/{city}/{code}", { params: { path }, signal })),
    refetchInterval: REFRESH_MS,
  });
}

export function useConfiguration(path: Place) {
  return useQuery({
    queryKey: [...NODES, path, "configuration"],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/nodes/{city}/{code}/configuration", { params: { path }, signal })),
    refetchInterval: REFRESH_MS,
  });
}

export function useNodeAlarms({ city, code }: Place, open: boolean) {
  return useQuery({
    queryKey: [...NODES, "alarms", city, open],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/node-alarms", { params: { query: { city, open } }, signal })),
    select: ({ results }) => results.filter(({ node }) => node === code),
    refetchInterval: REFRESH_MS,
  });
}

export function useAcknowledge() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, note }: { id: number; note: string }) =>
      unwrap(
        api.POST("/api/v1/node-alarms/{alarm_id}/acknowledgement", {
          params: { path: { alarm_id: id } },
          body: { note },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: NODES }),
  });
}

const commands = (path: Place) => [...NODES, path, "commands"];

export function useCommands(path: Place) {
  return useQuery({
    queryKey: commands(path),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/nodes/{city}/{code}/commands", { params: { path }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.some(({ state: of }) => of === "waiting") ? ANSWER_MS : REFRESH_MS,
  });
}

export function useCommand(id: string | undefined) {
  return useQuery({
    queryKey: [...NODES, "command", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/node-commands/{command_id}", {
          params: { path: { command_id: id ?? "" } },
          signal,
        }),
      ),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? ANSWER_MS : false),
  });
}

export function useGiveCommand(path: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewOrderRequest"]) =>
      unwrap(api.POST("/api/v1/nodes/{city}/{code}/commands", { params: { path }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: commands(path) }),
  });
}

export function useAddNode() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Place) => unwrap(api.POST("/api/v1/nodes", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: NODES }),
  });
}

export function useEnrolmentToken(path: Place) {
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST("/api/v1/nodes/{city}/{code}/enrolment-tokens", { params: { path } })),
  });
}

export function useRevoke(path: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        api.POST("/api/v1/nodes/{city}/{code}/revocation", { params: { path }, body: { reason } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: NODES }),
  });
}
