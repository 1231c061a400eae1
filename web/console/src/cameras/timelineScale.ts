// Where instants lie on a timeline.

const TICK_MS = 10 * 60_000;

/** 0 at the start of the timeline, 1 at its end; never outside. */
export function fractionOf(utcMs: number, startUtc: number, endUtc: number): number {
  return Math.min(Math.max((utcMs - startUtc) / (endUtc - startUtc), 0), 1);
}

/** The instant at a place on the timeline, the inverse of `fractionOf`. */
export function instantAt(fraction: number, startUtc: number, endUtc: number): number {
  return Math.round(startUtc + Math.min(Math.max(fraction, 0), 1) * (endUtc - startUtc));
}

/** The whole ten minutes that are not so near an end that their label would be cut. */
export function ticksOf(startUtc: number, endUtc: number): number[] {
  const margin = TICK_MS / 5;
  const first = Math.ceil((startUtc + margin) / TICK_MS) * TICK_MS;
  const ticks: number[] = [];
  for (let tick = first; tick <= endUtc - margin; tick += TICK_MS) ticks.push(tick);
  return ticks;
}
