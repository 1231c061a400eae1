// Adding, changing, importing and retiring cameras.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { CameraChange, NewCamera } from "../api/types";
import { CAMERAS } from "./useCameras";

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: CAMERAS });
}

export function useAddCamera() {
  return useMutation({
    mutationFn: (body: NewCamera) => unwrap(api.POST("/api/v1/cameras", { body })),
    onSuccess: useRefresh(),
  });
}

export function useChangeCamera(id: string) {
  return useMutation({
    mutationFn: ({ etag, ...body }: CameraChange & { etag: string }) =>
      unwrap(
        api.PATCH("/api/v1/cameras/{camera_id}", {
          params: { path: { camera_id: id }, header: ifMatch(etag) },
          body,
        }),
      ),
    // Also when somebody was faster: then the list shows what they did.
    onSettled: useRefresh(),
  });
}

export function useRetireCamera(id: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/api/v1/cameras/{camera_id}", { params: { path: { camera_id: id } } })),
    onSuccess: useRefresh(),
  });
}

interface Import {
  file: File;
  city: string | undefined;
  /** Only say what would be. */
  dryRun: boolean;
}

export function useImportCameras() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ file, city, dryRun }: Import) =>
      unwrap(
        api.POST("/api/v1/cameras/import", {
          params: { query: { city, dry_run: dryRun } },
          headers: { "Content-Type": "text/csv" },
          // As it is: the hub finds out how a spreadsheet wrote its letters.
          body: "",
          bodySerializer: () => file,
        }),
      ),
    onSuccess: (_, { dryRun }) => (dryRun ? undefined : refresh()),
  });
}
