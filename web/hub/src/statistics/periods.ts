// Counts by period as the columns of a chart: periods without a read are columns too.
import { formatDayMonth, formatHourMinute, startOfDay } from "@gtvision/shared/time";
import type { Statistics } from "../api/types";

export interface Column {
  startUtc: number;
  reads: number;
}

const HOUR_MS = 3_600_000;
/** A column a pixel; more could not be told apart. The API's quarter has 2,208 hours. */
const MOST = 2300;

/** From the first to the last period that has a read, without holes. */
export function columnsOf(
  counts: Statistics["by_period"],
  by: "hour" | "day",
  timeZone: string,
): Column[] {
  const reads = new Map(counts.map(({ at, reads }) => [Date.parse(at), reads]));
  const [first, last] = [Math.min(...reads.keys()), Math.max(...reads.keys())];
  const columns: Column[] = [];
  for (
    let start = first;
    start <= last && columns.length < MOST;
    start = after(start, by, timeZone)
  ) {
    columns.push({ startUtc: start, reads: reads.get(start) ?? 0 });
  }
  return columns;
}

/** The next midnight in the city is not always 24 hours away. */
function after(startUtc: number, by: "hour" | "day", timeZone: string): number {
  return by === "hour" ? startUtc + HOUR_MS : startOfDay(startUtc, timeZone, -1);
}

export function periodLabel(startUtc: number, by: "hour" | "day", timeZone: string): string {
  const day = formatDayMonth(startUtc, timeZone);
  return by === "day" ? day : `${day} ${formatHourMinute(startUtc, timeZone)}`;
}

/** The next of 1, 2, 5, 10, 20, …: the top of an axis. */
export function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return ([1, 2, 5].find((times) => times * power >= most) ?? 10) * power;
}
