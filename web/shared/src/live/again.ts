// When WebRTC is tried again while HLS plays.

export const TRY_AGAIN_AFTER_MS = 20_000;
/** A stream that WebRTC cannot carry dies so soon (H.264 with B-frames), and takes the picture with it. */
const DIES_WITHIN_MS = 10_000;
const AT_LEAST_EVERY_MS = 600_000;

/** After a session that lasted so long; each that died at once doubles the pause. */
export function tryAgainAfter(lastedMs: number, pausedMs: number): number {
  return lastedMs < DIES_WITHIN_MS ? Math.min(2 * pausedMs, AT_LEAST_EVERY_MS) : TRY_AGAIN_AFTER_MS;
}
