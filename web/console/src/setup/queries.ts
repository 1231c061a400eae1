// Finding, testing, adding and removing cameras at the box itself.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { DeviceQuestion, NewCamera, StreamQuestion } from "../api/types";

/** Below the cameras' own key: what makes that list old makes this one old. */
const CAMERAS = ["cameras"];
const LOCAL = [...CAMERAS, "local"];

/** A question holds a password: it is forgotten as soon as its form is gone. */
const gcTime = 0;

/** The cameras added here that the hub has not adopted. */
export function useLocalCameras() {
  return useQuery({
    queryKey: LOCAL,
    queryFn: ({ signal }) => unwrap(api.GET("/api/cameras/local", { signal })),
    // The hub adopts or refuses at its own time.
    refetchInterval: 5000,
  });
}

export function useDiscover() {
  return useMutation({
    mutationFn: (address: string) => unwrap(api.POST("/api/discovery", { body: { address } })),
  });
}

export function useAskDevice() {
  return useMutation({
    gcTime,
    mutationFn: (body: DeviceQuestion) => unwrap(api.POST("/api/discovery/device", { body })),
  });
}

export function useTestCamera() {
  return useMutation({
    gcTime,
    mutationFn: (body: StreamQuestion) => unwrap(api.POST("/api/cameras/test", { body })),
  });
}

export function useAddCamera() {
  const client = useQueryClient();
  return useMutation({
    gcTime,
    mutationFn: (body: NewCamera) => unwrap(api.POST("/api/cameras", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: CAMERAS }),
  });
}

export function useRemoveCamera() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (camera_id: string) =>
      unwrap(api.DELETE("/api/cameras/{camera_id}", { params: { path: { camera_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: CAMERAS }),
  });
}
