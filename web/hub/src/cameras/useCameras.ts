// The cameras that the signed-in person may see.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";

export const CAMERAS = ["cameras"];

export function useCameras() {
  return useQuery({
    queryKey: CAMERAS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/cameras", { signal })),
    refetchInterval: 10_000,
  });
}

/** Cameras that were added at a box and that the prefeitura did not take. */
export function useRefusedCameras() {
  return useQuery({
    queryKey: ["refused-cameras"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/refused-cameras", { signal })),
    refetchInterval: 60_000,
  });
}
