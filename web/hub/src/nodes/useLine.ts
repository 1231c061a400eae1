// What videos may take of a box's line to the hub.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { Place } from "./useNode";

const lineKey = (path: Place) => ["nodes", path, "line"];

export function useLine(path: Place) {
  return useQuery({
    queryKey: lineKey(path),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/nodes/{city}/{code}/line", { params: { path }, signal })),
    refetchInterval: 5_000,
  });
}

export function useSetLine(path: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ limitKbps, etag }: { limitKbps: number; etag: string }) =>
      unwrap(
        api.PUT("/api/v1/nodes/{city}/{code}/line", {
          params: { path, header: ifMatch(etag) },
          body: { limit_kbps: limitKbps },
        }),
      ),
    onSuccess: (line) => client.setQueryData(lineKey(path), line),
  });
}
