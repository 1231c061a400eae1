// The picture's wall clock, across a gap in the recording.
import { describe, expect, it } from "vitest";
import { positionAt, utcAt, utcRange } from "./wallClock";

const T0 = Date.parse("2026-11-24T02:00:00Z");
/** 4 s of footage, 60 s of gap, 4 s of footage. */
const FRAGMENTS = [
  { start: 0, duration: 2, programDateTime: T0 },
  { start: 2, duration: 2, programDateTime: T0 + 2000 },
  { start: 4, duration: 2, programDateTime: T0 + 64_000 },
  { start: 6, duration: 2, programDateTime: T0 + 66_000 },
];

describe("the wall clock at a position", () => {
  it("runs with the picture", () => expect(utcAt(FRAGMENTS, 3.5)).toBe(T0 + 3500));
  it("jumps over the gap", () => expect(utcAt(FRAGMENTS, 4.5)).toBe(T0 + 64_500));
  it("never leaves the recording", () => {
    expect(utcAt(FRAGMENTS, -1)).toBe(T0);
    expect(utcAt(FRAGMENTS, 99)).toBe(T0 + 68_000);
  });
  it("is unknown without a playlist or without dates in it", () => {
    expect(utcAt([], 1)).toBeNull();
    expect(utcAt([{ start: 0, duration: 2, programDateTime: null }], 1)).toBeNull();
  });
});

describe("the position of an instant", () => {
  it("is where its picture is", () => {
    expect(positionAt(FRAGMENTS, T0 + 3500)).toBeCloseTo(3.5);
    expect(positionAt(FRAGMENTS, T0 + 66_250)).toBeCloseTo(6.25);
  });
  it("in a gap is the next picture there is", () => {
    expect(positionAt(FRAGMENTS, T0 + 30_000)).toBe(4);
  });
  it("before the recording is its start, after it the last fragment", () => {
    expect(positionAt(FRAGMENTS, T0 - 5000)).toBe(0);
    expect(positionAt(FRAGMENTS, T0 + 900_000)).toBe(6);
  });
  it("is unknown without a playlist", () => expect(positionAt([], T0)).toBeNull());
});

it("the range is from the first to the last picture", () => {
  expect(utcRange(FRAGMENTS)).toEqual([T0, T0 + 68_000]);
  expect(utcRange([])).toBeNull();
});
