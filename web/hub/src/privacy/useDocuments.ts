// Terms of use and privacy policy: their versions, and what the person has accepted.
import { unwrap } from "@gtvision/shared/api";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { components } from "../api/schema";
import type { LegalDocument } from "../api/types";

const DOCUMENTS = ["legal-documents"];
const OWN = ["own-acceptances"];

export const DOCUMENT_KINDS: Record<LegalDocument["kind"], string> = {
  terms: "Termos de uso",
  privacy: "Política de privacidade",
};

export function useDocuments() {
  return useQuery({
    queryKey: DOCUMENTS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/legal-documents", { signal })),
  });
}

/** A version's text never changes. */
export function useDocument(id: number | undefined) {
  return useQuery({
    queryKey: [...DOCUMENTS, id],
    enabled: id !== undefined,
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/legal-documents/{document_id}", {
          params: { path: { document_id: id as number } },
          signal,
        }),
      ),
  });
}

export function useTemplates(enabled: boolean) {
  return useQuery({
    queryKey: ["legal-document-templates"],
    enabled,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/legal-documents/templates", { signal })),
  });
}

export function usePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewLegalDocumentRequest"]) =>
      unwrap(api.POST("/api/v1/legal-documents", { body })),
    onSuccess: () =>
      Promise.all([DOCUMENTS, OWN].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export function useOwnAcceptances() {
  return useQuery({
    queryKey: OWN,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/acceptances", { signal })),
  });
}

export function useAccept() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, sha256 }: Pick<LegalDocument, "id" | "sha256">) =>
      unwrap(api.POST("/api/v1/me/acceptances", { body: { document: id, sha256 } })),
    onSettled: () => client.invalidateQueries({ queryKey: OWN }),
  });
}

export function useAcceptances(id: number) {
  return useInfiniteQuery({
    queryKey: [...DOCUMENTS, id, "acceptances"],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/legal-documents/{document_id}/acceptances", {
          params: { path: { document_id: id }, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
