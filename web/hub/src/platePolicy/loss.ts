// What a change of a city's plate policy does, as it is told before it is done. No I/O.
import type { PlatePolicy } from "../api/types";

export const DAY_MS = 86_400_000;

/** The API's bounds. */
export const RETENTION_DAYS = { least: 1, most: 1829 } as const;

/** Whether the change takes days away, and so has reads deleted. */
export const shrinks = (from: PlatePolicy, days: number): boolean => days < from.retention_days;

/** Null for what is no number of days that the hub takes. */
export function daysOf(typed: string): number | null {
  const days = Number(typed);
  const { least, most } = RETENTION_DAYS;
  return Number.isInteger(days) && days >= least && days <= most ? days : null;
}

/** Reads captured before this instant (milliseconds UTC) go. */
export const keptSince = (nowUtcMs: number, days: number): number => nowUtcMs - days * DAY_MS;

/** How many days of reads go, of those that are there; 0: none is that old. */
export function daysLost(oldestUtcMs: number, nowUtcMs: number, days: number): number {
  return Math.max(0, Math.ceil((keptSince(nowUtcMs, days) - oldestUtcMs) / DAY_MS));
}
