// Where instants lie on a timeline, and how much of time it shows.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How much a timeline can show, and how far its labels are apart. */
export const LENGTHS = [
  { label: "10 min", lengthMs: 10 * MINUTE_MS, tickMs: MINUTE_MS },
  { label: "1 h", lengthMs: HOUR_MS, tickMs: 10 * MINUTE_MS },
  { label: "6 h", lengthMs: 6 * HOUR_MS, tickMs: HOUR_MS },
  { label: "1 dia", lengthMs: DAY_MS, tickMs: 3 * HOUR_MS },
  { label: "7 dias", lengthMs: 7 * DAY_MS, tickMs: DAY_MS },
  { label: "30 dias", lengthMs: 30 * DAY_MS, tickMs: 5 * DAY_MS },
] as const;

export type Length = (typeof LENGTHS)[number];

/** 0 at the start of the timeline, 1 at its end; never outside. */
export function fractionOf(utcMs: number, startUtc: number, endUtc: number): number {
  return Math.min(Math.max((utcMs - startUtc) / (endUtc - startUtc), 0), 1);
}

/** The instant at a place on the timeline, the inverse of `fractionOf`. */
export function instantAt(fraction: number, startUtc: number, endUtc: number): number {
  return Math.round(startUtc + Math.min(Math.max(fraction, 0), 1) * (endUtc - startUtc));
}

/**
 * The round instants that are not so near an end that their label would be cut. `offsetMs` is the city's
 * distance from UTC, so that days begin at its midnight.
 */
export function ticksOf(startUtc: number, endUtc: number, tickMs: number, offsetMs = 0): number[] {
  const margin = tickMs / 5;
  const first = Math.ceil((startUtc + margin + offsetMs) / tickMs) * tickMs - offsetMs;
  const ticks: number[] = [];
  for (let tick = first; tick <= endUtc - margin; tick += tickMs) ticks.push(tick);
  return ticks;
}

/** The end of a timeline that shows an instant in its middle, but nothing of the future. */
export function endAround(utcMs: number, lengthMs: number, nowUtc: number): number {
  return Math.min(utcMs + lengthMs / 2, nowUtc);
}
