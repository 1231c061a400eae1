// Which rows of a long list are drawn: those in sight, and a few around them.

/** Above and below what is in sight: a quick scroll finds rows there, not white. */
const SPARE_ROWS = 6;

export interface RowRange {
  first: number;
  /** Not drawn itself. */
  end: number;
}

export function rowsInSight(
  scrollTop: number,
  heightPx: number,
  rowPx: number,
  count: number,
): RowRange {
  const first = Math.floor(Math.max(scrollTop, 0) / rowPx) - SPARE_ROWS;
  const end = Math.ceil((Math.max(scrollTop, 0) + heightPx) / rowPx) + SPARE_ROWS;
  return { first: Math.max(0, Math.min(first, count)), end: Math.min(count, end) };
}

/** Where to scroll so that a row is whole in sight, moving no more than needed. */
export function scrollToRow(
  row: number,
  scrollTop: number,
  heightPx: number,
  rowPx: number,
): number {
  return Math.max(Math.min(scrollTop, row * rowPx), (row + 1) * rowPx - heightPx);
}
