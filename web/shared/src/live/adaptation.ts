// Which stream of a camera a line can take, judged by what arrived of it by WebRTC. Decides only; no I/O.
//
// HLS adapts by itself (one playlist of both streams); WebRTC shows one stream, and where the line loses
// its packets or brings them late, the picture freezes and breaks instead of becoming smaller.

/** What a second of a stream was like where it was watched. */
export interface Look {
  /** Of the packets that should have come, 0 to 1. */
  lostShare: number;
  /** How often the picture stood still. */
  freezes: number;
  /** From the box to the screen; null where it is not known. */
  delayMs: number | null;
}

export type Size = "large" | "small";

/** More than this is seen: a lost packet breaks the picture until the next keyframe. */
export const LOST_SHARE = 0.02;
/** Live is under 500 ms; a buffer that grew to this waits for what comes late. */
export const LATE_MS = 800;
/** A line is bad when so many of the last looks were: one burst is not worth a change. */
const BAD_LOOKS = 4;
const OF_LOOKS = 8;
/** The large stream is tried again after so long without trouble, twice as long each time it failed. */
const TRY_AGAIN_MS = 30_000;
const TRY_AGAIN_AT_MOST_MS = 600_000;
/** The large stream that lasted this long has not failed. */
const LASTED_MS = 60_000;

export const isBad = ({ lostShare, freezes, delayMs }: Look): boolean =>
  lostShare > LOST_SHARE || freezes > 0 || (delayMs ?? 0) > LATE_MS;

export interface Adaptation {
  size: Size;
  /** When this size began. */
  sinceMs: number;
  /** The newest looks at this size: whether each was bad. */
  looks: readonly boolean[];
  /** Since when the line has been well. */
  wellSinceMs: number;
  tryAgainMs: number;
}

export function begin(nowMs: number): Adaptation {
  return {
    size: "large",
    sinceMs: nowMs,
    looks: [],
    wellSinceMs: nowMs,
    tryAgainMs: TRY_AGAIN_MS,
  };
}

/** After another look: what is to be watched from now on. */
export function judge(before: Adaptation, look: Look, nowMs: number): Adaptation {
  const bad = isBad(look);
  const looks = [...before.looks, bad].slice(-OF_LOOKS);
  const wellSinceMs = bad ? nowMs : before.wellSinceMs;
  const now = { ...before, looks, wellSinceMs };
  if (now.size === "large") {
    return looks.filter(Boolean).length >= BAD_LOOKS ? smaller(now, nowMs) : now;
  }
  return nowMs - wellSinceMs >= now.tryAgainMs ? changed(now, "large", nowMs) : now;
}

/** The other stream could not be had: what is watched stays, and a bad line must show itself anew. */
export function notHad(now: Adaptation, nowMs: number): Adaptation {
  return now.size === "large" ? smaller(now, nowMs) : changed(now, "large", nowMs);
}

function smaller(now: Adaptation, nowMs: number): Adaptation {
  const lasted = nowMs - now.sinceMs >= LASTED_MS;
  const tryAgainMs = lasted ? TRY_AGAIN_MS : Math.min(2 * now.tryAgainMs, TRY_AGAIN_AT_MOST_MS);
  return changed({ ...now, tryAgainMs }, "small", nowMs);
}

/** This size is watched from now on, for reasons other than the line. */
export const changed = (now: Adaptation, size: Size, nowMs: number): Adaptation => ({
  ...now,
  size,
  sinceMs: nowMs,
  looks: [],
  wellSinceMs: nowMs,
});
