// The mosaics that the signed-in person may see, and changing them.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { Mosaic, MosaicChange } from "../api/types";

const MOSAICS = ["mosaics"];

export function useMosaics() {
  return useQuery({
    queryKey: MOSAICS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/mosaics", { signal })),
  });
}

/** Makes one where there is none yet. */
export function useSaveMosaic(mosaic: Mosaic | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MosaicChange) =>
      mosaic
        ? unwrap(
            api.PUT("/api/v1/mosaics/{mosaic_id}", {
              params: { path: { mosaic_id: mosaic.id }, header: ifMatch(mosaic.etag) },
              body,
            }),
          )
        : unwrap(api.POST("/api/v1/mosaics", { body })),
    // Also when somebody was faster: then the list shows what they did.
    onSettled: () => client.invalidateQueries({ queryKey: MOSAICS }),
  });
}

export function useDeleteMosaic() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/mosaics/{mosaic_id}", { params: { path: { mosaic_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: MOSAICS }),
  });
}
