// How good a live picture is, in one line, measured where it is watched.
import { decimal, type LiveState, shownBitRate } from "@gtvision/shared/live";

const WAYS = { webrtc: "WebRTC", hls: "HLS, alguns segundos atrás" } as const;

/** "25 fps · 2,0 Mbit/s · 180 ms · WebRTC" */
export function figures({ phase, quality }: Pick<LiveState, "phase" | "quality">): string {
  const way = phase === "webrtc" || phase === "hls" ? WAYS[phase] : "";
  const measured = quality
    ? [
        `${decimal(quality.fps, 0)} fps`,
        shownBitRate(quality.bitrateBps),
        quality.delayMs === null ? "" : `${decimal(quality.delayMs, 0)} ms`,
      ]
    : [];
  return [...measured, way].filter(Boolean).join(" · ");
}
