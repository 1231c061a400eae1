// How one camera's plates reach its box: the settings, and what the box says of them.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { components } from "../api/schema";
import type { PlateSource } from "../api/types";

const REFRESH_MS = 5_000;

const keyOf = (camera: string) => ["plate-source", camera];
const pathOf = (camera: string) => ({ camera_id: camera });

export function useSource(camera: string) {
  return useQuery({
    queryKey: keyOf(camera),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/cameras/{camera_id}/lpr-source", {
          params: { path: pathOf(camera) },
          signal,
        }),
      ),
    // The technician stands at the camera and waits for the first read.
    refetchInterval: REFRESH_MS,
  });
}

export type SourceChange = components["schemas"]["PatchedPlateSourceChangeRequest"];

export function useChangeSource(camera: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...body }: SourceChange & { etag: string }) =>
      unwrap(
        api.PATCH("/api/v1/cameras/{camera_id}/lpr-source", {
          params: { path: pathOf(camera), header: ifMatch(etag) },
          body,
        }),
      ),
    onSuccess: (changed) => client.setQueryData<PlateSource>(keyOf(camera), changed),
  });
}

/** The new token, which is shown this once. */
export function useMakeToken(camera: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/cameras/{camera_id}/lpr-token", { params: { path: pathOf(camera) } }),
      ),
  });
}

export function useRemoveToken(camera: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.DELETE("/api/v1/cameras/{camera_id}/lpr-token", { params: { path: pathOf(camera) } }),
      ),
  });
}
