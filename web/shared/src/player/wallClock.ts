// Converts between a position in the video (seconds) and the wall clock (UTC milliseconds).
//
// A recording has gaps: the position runs on without them, the wall clock jumps. So every conversion
// goes through the fragment at hand and its EXT-X-PROGRAM-DATE-TIME, never through one offset.

export interface TimedFragment {
  start: number;
  duration: number;
  programDateTime: number | null;
}

/** The wall clock of the picture at a position; null before anything is known. */
export function utcAt(fragments: readonly TimedFragment[], positionS: number): number | null {
  const fragment = fragments.findLast(({ start }) => start <= positionS) ?? fragments[0];
  if (!fragment || fragment.programDateTime === null) return null;
  const within = Math.min(Math.max(positionS - fragment.start, 0), fragment.duration);
  return fragment.programDateTime + within * 1000;
}

/**
 * The position of an instant. An instant in a gap, or before the first fragment, is the next picture there is;
 * one after the last fragment is the start of that fragment, which is certain to be there.
 */
export function positionAt(fragments: readonly TimedFragment[], utcMs: number): number | null {
  for (const { start, duration, programDateTime } of fragments) {
    if (programDateTime === null) continue;
    if (utcMs < programDateTime) return start;
    if (utcMs < programDateTime + duration * 1000) return start + (utcMs - programDateTime) / 1000;
  }
  return fragments.at(-1)?.start ?? null;
}

/** First and last instant that there is a picture of. */
export function utcRange(fragments: readonly TimedFragment[]): readonly [number, number] | null {
  const first = fragments[0]?.programDateTime ?? null;
  const last = fragments.at(-1);
  if (first === null || !last || last.programDateTime === null) return null;
  return [first, last.programDateTime + last.duration * 1000];
}
