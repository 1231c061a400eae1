import { describe, expect, it } from "vitest";
import { rowsInSight, scrollToRow } from "./virtualRows";

describe("the rows that are drawn", () => {
  it("are those in sight and a few around them, however long the list is", () => {
    expect(rowsInSight(0, 500, 50, 1000)).toEqual({ first: 0, end: 16 });
    expect(rowsInSight(25_000, 500, 50, 1000)).toEqual({ first: 494, end: 516 });
    expect(rowsInSight(49_500, 500, 50, 1000)).toEqual({ first: 984, end: 1000 });
  });

  it("are none of those that a shorter list no longer has", () => {
    const { first, end } = rowsInSight(40_000, 500, 50, 3);
    expect([first, end]).toEqual([3, 3]);
    expect(rowsInSight(-80, 500, 50, 3)).toEqual({ first: 0, end: 3 });
  });
});

describe("scrolling to a row", () => {
  it("moves only as far as the row needs", () => {
    expect(scrollToRow(3, 0, 500, 50)).toBe(0);
    expect(scrollToRow(10, 0, 500, 50)).toBe(50);
    expect(scrollToRow(2, 400, 500, 50)).toBe(100);
  });
});
