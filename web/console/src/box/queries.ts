// What the console keeps asking the box, and how often: it is one hop away.
import { unwrap } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE, useNow } from "@gtvision/shared/time";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";

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

export function useLatestReads(plate: string | undefined) {
  return useQuery({
    queryKey: ["plate-reads", plate],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/plate-reads", { params: { query: { plate, limit: 40 } }, signal })),
    refetchInterval: 1000,
    placeholderData: (shown) => shown,
  });
}

const TIMELINE_MS = 3_600_000;

/** The last hour of one camera. */
export function useLastHour(camera: string, boxAheadMs: number) {
  return useQuery({
    queryKey: ["timeline", camera],
    queryFn: async ({ signal }) => {
      const endUtc = Date.now() + boxAheadMs;
      const startUtc = endUtc - TIMELINE_MS;
      const query = {
        start: new Date(startUtc).toISOString(),
        end: new Date(endUtc).toISOString(),
      };
      const path = { camera_id: camera };
      const timeline = await unwrap(
        api.GET("/api/cameras/{camera_id}/timeline", { params: { path, query }, signal }),
      );
      return { ...timeline, startUtc, endUtc };
    },
    refetchInterval: 5000,
  });
}

export type LastHour = NonNullable<ReturnType<typeof useLastHour>["data"]>;
