// What stretch of time a timeline shows, from two seconds to a month, and where instants lie on it.

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A second is half of the bar. */
export const SHORTEST_MS = 2 * SECOND_MS;
export const LONGEST_MS = 30 * DAY_MS;

/** How much a button makes a timeline show. */
export const LENGTHS = [
  { label: "1 min", lengthMs: MINUTE_MS },
  { label: "10 min", lengthMs: 10 * MINUTE_MS },
  { label: "1 h", lengthMs: HOUR_MS },
  { label: "6 h", lengthMs: 6 * HOUR_MS },
  { label: "1 dia", lengthMs: DAY_MS },
  { label: "7 dias", lengthMs: 7 * DAY_MS },
  { label: "30 dias", lengthMs: LONGEST_MS },
] as const;

/** A month and its margins are no more than the 31 days that the box answers. */
const COARSEST_GRID_MS = 12 * HOUR_MS;

export interface View {
  lengthMs: number;
  /** Null: up to now, and on with it. */
  endUtc: number | null;
}

export interface Stretch {
  startUtc: number;
  endUtc: number;
}

export function stretchOf({ lengthMs, endUtc }: View, nowUtc: number): Stretch {
  const end = endUtc ?? nowUtc;
  return { startUtc: end - lengthMs, endUtc: end };
}

/** The view of a stretch, within what can be shown: nothing of the future, and not more than a month. */
export function viewOf(startUtc: number, endUtc: number, nowUtc: number): View {
  const lengthMs = Math.min(Math.max(endUtc - startUtc, SHORTEST_MS), LONGEST_MS);
  return { lengthMs, endUtc: endUtc >= nowUtc ? null : endUtc };
}

/** A view with an instant in its middle, but nothing of the future. */
export function viewAround(utcMs: number, lengthMs: number, nowUtc: number): View {
  return viewOf(utcMs - lengthMs / 2, utcMs + lengthMs / 2, nowUtc);
}

/** `factor` times as much time, while an instant stays at its place. */
export function zoomed(view: View, factor: number, aboutUtc: number, nowUtc: number): View {
  const { startUtc, endUtc } = stretchOf(view, nowUtc);
  const lengthMs = Math.min(Math.max(view.lengthMs * factor, SHORTEST_MS), LONGEST_MS);
  const start = aboutUtc - ((aboutUtc - startUtc) / (endUtc - startUtc)) * lengthMs;
  return viewOf(start, start + lengthMs, nowUtc);
}

export function moved(view: View, byMs: number, nowUtc: number): View {
  const { startUtc, endUtc } = stretchOf(view, nowUtc);
  return viewOf(startUtc + byMs, endUtc + byMs, nowUtc);
}

/** What is asked of the box for a view: steady while the view moves a little, and with a margin to move into. */
export function askedFor({ startUtc, endUtc }: Stretch, nowUtc: number): Stretch {
  const lengthMs = endUtc - startUtc;
  const gridMs = Math.min(2 ** Math.ceil(Math.log2(lengthMs / 4)), COARSEST_GRID_MS);
  const start = Math.floor(startUtc / gridMs) * gridMs;
  return { startUtc: start, endUtc: Math.min((Math.floor(endUtc / gridMs) + 1) * gridMs, nowUtc) };
}

/** 0 at the start of the timeline, 1 at its end; never outside. */
export function fractionOf(utcMs: number, startUtc: number, endUtc: number): number {
  return Math.min(Math.max((utcMs - startUtc) / (endUtc - startUtc), 0), 1);
}

/** The instant at a place on the timeline, the inverse of `fractionOf`. */
export function instantAt(fraction: number, startUtc: number, endUtc: number): number {
  return Math.round(startUtc + Math.min(Math.max(fraction, 0), 1) * (endUtc - startUtc));
}

const TICKS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5].map((days) => days * DAY_MS),
];
const MOST_TICKS = 8;

/** How far labels are apart so that they fit. */
export function tickOf(lengthMs: number, most = MOST_TICKS): number {
  return TICKS_MS.find((tick) => lengthMs / tick <= most) ?? 10 * DAY_MS;
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
