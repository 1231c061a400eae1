// Which stretch a clip is offered of, before a person changes it.
import type { Stretch } from "../timeline/view";

/** Before and after the moment on screen: enough to see what led to it. */
const AROUND_MS = 30_000;
/** What is filmed now is on disk a few seconds later. */
const RECORDED_AFTER_MS = 5000;

export function around(atUtc: number, nowUtc: number): Stretch {
  const endUtc = Math.min(atUtc + AROUND_MS, nowUtc - RECORDED_AFTER_MS);
  return { startUtc: endUtc - 2 * AROUND_MS, endUtc };
}

/** Whether both ends are marked: one alone marks nothing. */
export function isSpan(mark: Stretch | null): mark is Stretch {
  return mark !== null && mark.endUtc > mark.startUtc;
}
