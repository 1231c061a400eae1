// A quiet hour is a gap in the chart, not a chart without that hour.
import { expect, it } from "vitest";
import { columnsOf, periodLabel, roundUp } from "./periods";

const ZONE = "America/Sao_Paulo";

it("has a column for each hour between the first read and the last", () => {
  const counts = [
    { at: "2026-11-24T10:00:00-03:00", reads: 4 },
    { at: "2026-11-24T13:00:00-03:00", reads: 2 },
  ];
  expect(columnsOf(counts, "hour", ZONE).map(({ reads }) => reads)).toEqual([4, 0, 0, 2]);
});

it("counts days from midnight to midnight of the city, also where a day has 23 hours", () => {
  const counts = [
    { at: "2026-03-28T00:00:00+01:00", reads: 1 },
    { at: "2026-03-30T00:00:00+02:00", reads: 3 },
  ];
  expect(columnsOf(counts, "day", "Europe/Berlin").map(({ reads }) => reads)).toEqual([1, 0, 3]);
});

it("has none where nothing was read", () => {
  expect(columnsOf([], "day", ZONE)).toEqual([]);
});

it("names a period in the city's time", () => {
  const start = Date.parse("2026-11-24T13:00:00Z");
  expect(periodLabel(start, "day", ZONE)).toBe("24/11");
  expect(periodLabel(start, "hour", ZONE)).toBe("24/11 10:00");
});

it.each([
  [0, 1],
  [3, 5],
  [50, 50],
  [51, 100],
  [1200, 2000],
])("an axis for %d ends at %d", (most, top) => expect(roundUp(most)).toBe(top));
