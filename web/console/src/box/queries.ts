// What the console keeps asking the box, and how often: it is one hop away.
import { unwrap } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE, toIso, useNow } from "@gtvision/shared/time";
import { useQueries, useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { TimelineData } from "../api/types";

export const ME = ["me"];

export function useMe() {
  return useQuery({
    queryKey: ME,
    queryFn: ({ signal }) => unwrap(api.GET("/api/me", { signal })),
    staleTime: Infinity,
  });
}

export function useBoxStatus() {
  return useQuery({
    queryKey: ["status"],
    queryFn: async ({ signal }) => {
      const status = await unwrap(api.GET("/api/status", { signal }));
      return { ...status, aheadMs: Date.parse(status.now) - Date.now() };
    },
    refetchInterval: 2000,
  });
}

export function useTimeZone(): string {
  return useBoxStatus().data?.timezone ?? DEFAULT_TIME_ZONE;
}

/** The box's clock, which stamps the recordings; that of this computer may be wrong. */
export function useBoxNow(): number {
  const aheadMs = useBoxStatus().data?.aheadMs ?? 0;
  return useNow() + aheadMs;
}

export function useCameras() {
  return useQuery({
    queryKey: ["cameras"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/cameras", { signal })),
    refetchInterval: 2000,
  });
}

/** What is wrong at the box, also from before this console was open. */
export function useAlarms() {
  return useQuery({
    queryKey: ["alarms"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/alarms", { signal })),
    refetchInterval: 10_000,
  });
}

/** Those of which only footage is left. */
export function useRemovedCameras() {
  return useQuery({
    queryKey: ["removed-cameras"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/cameras/removed", { signal })),
    // A camera may have been removed since the last look.
    refetchInterval: 10_000,
  });
}

/** `plate` empty: any. Who looks for one says why. */
export function useLatestReads(plate: string, purpose: string) {
  const query = plate ? { plate, purpose, limit: 40 } : { limit: 40 };
  return useQuery({
    queryKey: ["plate-reads", query],
    queryFn: ({ signal }) => unwrap(api.GET("/api/plate-reads", { params: { query }, signal })),
    refetchInterval: 1000,
    placeholderData: (shown) => shown,
  });
}

/** What the timeline shows is drawn this finely: more pixels than any bar has, and its margins. */
const TIMELINE_STEPS = 3000;

/** What is recorded of each camera in a period, and its plate reads. */
export function useTimelines(cameras: readonly string[], startUtc: number, endUtc: number) {
  return useQueries({
    queries: cameras.map((camera_id) => ({
      queryKey: ["timeline", camera_id, startUtc, endUtc],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const query = {
          start: toIso(startUtc),
          end: toIso(endUtc),
          resolution_s: Math.floor((endUtc - startUtc) / 1000 / TIMELINE_STEPS),
        };
        const path = { camera_id };
        return unwrap(
          api.GET("/api/cameras/{camera_id}/timeline", { params: { path, query }, signal }),
        );
      },
      // The bar stays while the next stretch of it is on its way.
      placeholderData: (shown: TimelineData | undefined) => shown,
    })),
  });
}
