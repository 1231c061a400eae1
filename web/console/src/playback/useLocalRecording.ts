// A stretch of a camera's recording on this box, as something to play.
import { unwrap } from "@gtvision/shared/api";
import type { VideoSource } from "@gtvision/shared/player";
import { toIso } from "@gtvision/shared/time";
import { useMemo, useState } from "react";
import { api } from "../api/client";

interface Stretch {
  startUtc: number;
  endUtc: number;
  startAtUtc: number;
}

export function useLocalRecording(
  camera: string,
  { startUtc, endUtc, startAtUtc }: Stretch,
): { source: VideoSource; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const source = useMemo(() => {
    const query = { start: toIso(startUtc), end: toIso(endUtc) };
    const path = { camera_id: camera };
    return {
      url: `/api/cameras/${camera}/playback.m3u8?${new URLSearchParams(query)}`,
      offerUrl: `/api/cameras/${camera}/playback/whep`,
      codecs: async () =>
        (await unwrap(api.GET("/api/cameras/{camera_id}/codecs", { params: { path, query } })))
          .codecs,
      periodUtc: [startUtc, endUtc] as const,
      startAtUtc,
      attempt, // makes another object of it, which is loaded anew
    };
  }, [camera, startUtc, endUtc, startAtUtc, attempt]);
  return { source, retry: () => setAttempt((count) => count + 1) };
}
