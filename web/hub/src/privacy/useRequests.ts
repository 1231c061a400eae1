// Requests of the people concerned: listed by deadline, opened, and taken step by step to their end.
import { unwrap } from "@gtvision/shared/api";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { User } from "../api/types";
import { saveFile } from "../shell/saveFile";
import type { PrivacySearch } from "./search";

const REQUESTS = ["privacy-requests"];

export function useRequests({ prefeitura, tipo, mostrar }: PrivacySearch) {
  const query = {
    city: prefeitura,
    kind: tipo,
    open: mostrar !== "encerrados",
    overdue: mostrar === "atrasados",
  };
  return useInfiniteQuery({
    queryKey: [...REQUESTS, "list", query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/privacy-requests", {
          params: { query: { ...query, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

/** For whom there is something to count. */
export function useSummary(role: User["role"]) {
  return useQuery({
    queryKey: [...REQUESTS, "summary"],
    enabled: role === "admin" || role === "gestor" || role === "auditor",
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/privacy-requests/summary", { signal })),
    refetchInterval: 300_000,
  });
}

/** Looking is audited: it is asked for when the page opens and after each step, not again by itself. */
export function useRequest(id: number) {
  return useQuery({
    queryKey: [...REQUESTS, "one", id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/privacy-requests/{request_id}", {
          params: { path: { request_id: id } },
          signal,
        }),
      ),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useOpenRequest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewPrivacyRequestRequest"]) =>
      unwrap(api.POST("/api/v1/privacy-requests", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: REQUESTS }),
  });
}

export type Move =
  | { step: "analysis" }
  | { step: "erasure" }
  | { step: "fulfilment"; answer: string }
  | { step: "refusal"; answer: string; basis: components["schemas"]["RefusalRequest"]["basis"] };

export function useMove(id: number) {
  const client = useQueryClient();
  const params = { path: { request_id: id } };
  return useMutation({
    mutationFn: (move: Move) => {
      switch (move.step) {
        case "analysis":
          return unwrap(api.POST("/api/v1/privacy-requests/{request_id}/analysis", { params }));
        case "erasure":
          return unwrap(api.POST("/api/v1/privacy-requests/{request_id}/erasure", { params }));
        case "fulfilment": {
          const body = { answer: move.answer };
          return unwrap(
            api.POST("/api/v1/privacy-requests/{request_id}/fulfilment", { params, body }),
          );
        }
        case "refusal": {
          const body = { answer: move.answer, basis: move.basis };
          return unwrap(
            api.POST("/api/v1/privacy-requests/{request_id}/refusal", { params, body }),
          );
        }
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: REQUESTS }),
  });
}

export function useReport(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (format: "csv" | "pdf") => {
      const file = await unwrap(
        api.POST("/api/v1/privacy-requests/{request_id}/report", {
          params: { path: { request_id: id } },
          body: { format },
          parseAs: "blob",
        }),
      );
      saveFile(file as unknown as Blob, `acesso-${id}.${format}`);
    },
    onSettled: () => client.invalidateQueries({ queryKey: REQUESTS }),
  });
}
