// A stretch of a camera's recording on this box, as something to play.
import type { VideoSource } from "@gtvision/shared/player";
import { toIso } from "@gtvision/shared/time";
import { useMemo, useState } from "react";

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
    const period = new URLSearchParams({ start: toIso(startUtc), end: toIso(endUtc) });
    // `attempt` makes another object of it, which is loaded anew.
    return { url: `/api/cameras/${camera}/playback.m3u8?${period}`, startAtUtc, attempt };
  }, [camera, startUtc, endUtc, startAtUtc, attempt]);
  return { source, retry: () => setAttempt((count) => count + 1) };
}
