// The log of accesses and the reports about the treatment of data.
import { unwrap } from "@gtvision/shared/api";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { saveFile } from "../shell/saveFile";
import type { PrivacySearch } from "./search";

export function accessQuery({ prefeitura, quem, placa, de, ate }: PrivacySearch) {
  return { city: prefeitura, actor: quem, plate: placa, since: de, until: ate };
}

export function useAccesses(search: PrivacySearch) {
  const query = accessQuery(search);
  return useInfiniteQuery({
    queryKey: ["access-log", query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/access-log", {
          params: { query: { ...query, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useAccessesCsv() {
  return useMutation({
    mutationFn: async (search: PrivacySearch) => {
      const params = { query: accessQuery(search) };
      const file = await unwrap(api.GET("/api/v1/access-log/csv", { params, parseAs: "blob" }));
      saveFile(file as unknown as Blob, "acessos.csv");
    },
  });
}

export type ReportKind = "ropa" | "ripd";

const reportParams = (report: ReportKind, city: string | undefined) => ({
  path: { report },
  query: { city },
});

/** Made of what is set up now, and audited: it is made when it is asked for, not again by itself. */
export function useTreatment(report: ReportKind, city: string | undefined) {
  return useQuery({
    queryKey: ["treatment-report", report, city],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/treatment-reports/{report}", {
          params: reportParams(report, city),
          signal,
        }),
      ),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function useTreatmentPdf(report: ReportKind, city: string | undefined) {
  return useMutation({
    mutationFn: async () => {
      const file = await unwrap(
        api.GET("/api/v1/treatment-reports/{report}/pdf", {
          params: reportParams(report, city),
          parseAs: "blob",
        }),
      );
      saveFile(file as unknown as Blob, `${report}-${city ?? "prefeitura"}.pdf`);
    },
  });
}
