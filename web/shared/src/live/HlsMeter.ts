// How good a picture by HLS is, measured where it is watched: whichever stream the player chose just now.
import type { Quality } from "./whep";

/** Pictures are counted over this long. */
const EVERY_MS = 2000;

export class HlsMeter {
  private last: { frames: number; atMs: number } | null = null;

  /** New figures, now and then; how late the picture is, its own clock says (LiveState.timeUtcMs). */
  look(video: HTMLVideoElement | null, bitrateBps: number, nowMs: number): Quality | null {
    const frames = video?.getVideoPlaybackQuality?.().totalVideoFrames;
    if (frames === undefined) return null;
    const { last } = this;
    if (last && nowMs - last.atMs < EVERY_MS) return null;
    this.last = { frames, atMs: nowMs };
    // A <video> that was given another stream counts from the start.
    if (!last || frames < last.frames) return null;
    const fps = Math.round((frames - last.frames) / ((nowMs - last.atMs) / 10_000)) / 10;
    return { fps, bitrateBps, delayMs: null, lostShare: null, freezes: 0 };
  }
}
