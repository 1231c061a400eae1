// Where instants lie on the timeline.
import { expect, it } from "vitest";
import { endAround, fractionOf, instantAt, ticksOf } from "./timelineScale";

const START = Date.parse("2026-11-24T02:03:00Z");
const HOUR_MS = 3_600_000;
const END = START + HOUR_MS;

it("an instant and its place are each other's inverse, inside the hour", () => {
  expect(fractionOf(START + 900_000, START, END)).toBe(0.25);
  expect(instantAt(0.25, START, END)).toBe(START + 900_000);
  expect(fractionOf(START - 1, START, END)).toBe(0);
  expect(fractionOf(END + 1, START, END)).toBe(1);
  expect(instantAt(1.2, START, END)).toBe(END);
});

it("ticks are whole ten minutes, away from the ends", () => {
  const shown = ticksOf(START, END, HOUR_MS / 6).map((tick) => new Date(tick).toISOString());
  const minutes = shown.map((text) => text.slice(11, 16));
  expect(minutes).toEqual(["02:10", "02:20", "02:30", "02:40", "02:50", "03:00"]);
});

it("ticks of days are the city's midnights", () => {
  const ticks = ticksOf(START, START + 3 * 24 * HOUR_MS, 24 * HOUR_MS, -3 * HOUR_MS);
  expect(ticks.map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
    "03:00",
    "03:00",
  ]);
});

it("a timeline around an instant shows nothing of the future", () => {
  expect(endAround(START, HOUR_MS, START + 2 * HOUR_MS)).toBe(START + HOUR_MS / 2);
  expect(endAround(START, HOUR_MS, START + 60_000)).toBe(START + 60_000);
});
