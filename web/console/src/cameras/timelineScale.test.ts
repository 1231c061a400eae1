// Where instants lie on the timeline.
import { expect, it } from "vitest";
import { fractionOf, instantAt, ticksOf } from "./timelineScale";

const START = Date.parse("2026-11-24T02:03:00Z");
const END = START + 3_600_000;

it("an instant and its place are each other's inverse, inside the hour", () => {
  expect(fractionOf(START + 900_000, START, END)).toBe(0.25);
  expect(instantAt(0.25, START, END)).toBe(START + 900_000);
  expect(fractionOf(START - 1, START, END)).toBe(0);
  expect(fractionOf(END + 1, START, END)).toBe(1);
  expect(instantAt(1.2, START, END)).toBe(END);
});

it("ticks are whole ten minutes, away from the ends", () => {
  const shown = ticksOf(START, END).map((tick) => new Date(tick).toISOString().slice(11, 16));
  expect(shown).toEqual(["02:10", "02:20", "02:30", "02:40", "02:50", "03:00"]);
});
