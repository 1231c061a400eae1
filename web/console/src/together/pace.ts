// How one of several recordings is kept at the common clock. Pure decisions.
import type { Stretch } from "../timeline/view";

/** Within this nobody sees a difference; two pictures of a camera are farther apart. */
const CLOSE_MS = 40;
/** Farther off than this it jumps; less is made up for by a little more or less speed. */
const FAR_MS = 1000;
/** What it is off by is made up for in about this long, but by no more than a quarter of the speed. */
const MAKE_UP_MS = 1000;
const MOST = 0.25;
/** The box sends keyframes alone above 4x, and plays nothing slower or faster than these. */
const ALL_PICTURES_UP_TO = 4;
const SLOWEST = 0.25;
const FASTEST = 16;

export function isRecorded(spans: readonly Stretch[], utcMs: number): boolean {
  return spans.some(({ startUtc, endUtc }) => startUtc <= utcMs && utcMs < endUtc);
}

export function isFar(offByMs: number, rate: number): boolean {
  return Math.abs(offByMs) > FAR_MS * Math.max(1, rate / 2);
}

/** The speed that brings a picture, which is so much ahead of the clock, back to it. */
export function pace(rate: number, offByMs: number): number {
  // A second of footage passes faster at 4x: what is off is measured by what a person sees.
  const seenMs = offByMs / Math.max(1, rate);
  if (Math.abs(seenMs) < CLOSE_MS) return rate;
  const change = Math.min(Math.max(-seenMs / MAKE_UP_MS, -MOST), MOST);
  const most = rate <= ALL_PICTURES_UP_TO ? ALL_PICTURES_UP_TO : FASTEST;
  return Math.min(Math.max(rate * (1 + change), SLOWEST), most);
}
