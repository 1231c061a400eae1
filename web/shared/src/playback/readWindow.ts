// Which stretch of recording shows a plate read.
import { toUtcMs } from "../time";
import type { ShownRead } from "../plates";

const BEFORE_MS = 10_000;
const AFTER_MS = 20_000;
/** A vehicle is seen coming before its plate is read. */
const LEAD_MS = 2_000;

export interface PlaybackWindow {
  startUtc: number;
  endUtc: number;
  /** Where playing starts. */
  startAtUtc: number;
  momentUtc: number;
}

export function readWindow(read: Pick<ShownRead, "captured_at">): PlaybackWindow {
  const momentUtc = toUtcMs(read.captured_at);
  return {
    startUtc: momentUtc - BEFORE_MS,
    endUtc: momentUtc + AFTER_MS,
    startAtUtc: momentUtc - LEAD_MS,
    momentUtc,
  };
}
