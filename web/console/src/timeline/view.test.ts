// Where instants lie on the timeline.
import { expect, it } from "vitest";
import {
  askedFor,
  fractionOf,
  instantAt,
  LONGEST_MS,
  moved,
  SHORTEST_MS,
  stretchOf,
  ticksOf,
  tickOf,
  type View,
  viewAround,
  zoomed,
} from "./view";

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

it("a view around an instant shows nothing of the future", () => {
  expect(viewAround(START, HOUR_MS, START + 2 * HOUR_MS).endUtc).toBe(START + HOUR_MS / 2);
  expect(viewAround(START, HOUR_MS, START + 60_000).endUtc).toBeNull();
});

it("zooming keeps the instant under the pointer at its place, from a month to two seconds", () => {
  const nowUtc = END + LONGEST_MS;
  const at = START + 1_234_567;
  let view: View = { lengthMs: HOUR_MS, endUtc: END };
  const place = () => {
    const { startUtc, endUtc } = stretchOf(view, nowUtc);
    return fractionOf(at, startUtc, endUtc);
  };
  const before = place();
  for (let notch = 0; notch < 15; notch += 1) {
    view = zoomed(view, 0.5, at, nowUtc);
    expect(place()).toBeCloseTo(before, 6);
  }
  expect(view.lengthMs).toBe(SHORTEST_MS);
  for (let notch = 0; notch < 30; notch += 1) view = zoomed(view, 2, at, nowUtc);
  expect(view.lengthMs).toBe(LONGEST_MS);
});

it("a view that is moved to the present goes on with it, and back from it stands", () => {
  const view = { lengthMs: HOUR_MS, endUtc: END - HOUR_MS };
  expect(moved(view, 2 * HOUR_MS, END).endUtc).toBeNull();
  expect(moved({ lengthMs: HOUR_MS, endUtc: null }, -60_000, END).endUtc).toBe(END - 60_000);
});

it("what is asked of the box covers the view, stays while it moves a little, and is no more than 31 days", () => {
  const nowUtc = END + 1000 * HOUR_MS;
  for (const lengthMs of [SHORTEST_MS, 60_000, HOUR_MS, 24 * HOUR_MS, LONGEST_MS]) {
    const asked = [0, 0.01, 0.02].map((part) =>
      askedFor({ startUtc: END + (part - 1) * lengthMs, endUtc: END + part * lengthMs }, nowUtc),
    );
    const [first] = asked;
    expect(first && first.startUtc).toBeLessThanOrEqual(END - lengthMs);
    expect(first && first.endUtc).toBeGreaterThanOrEqual(END);
    expect(first && first.endUtc - first.startUtc).toBeLessThanOrEqual(31 * 24 * HOUR_MS);
    expect(new Set(asked.map(({ startUtc, endUtc }) => `${startUtc} ${endUtc}`)).size).toBeLessThan(
      3,
    );
  }
});

it("labels are at most eight, whatever is shown", () => {
  for (let lengthMs = SHORTEST_MS; lengthMs <= LONGEST_MS; lengthMs *= 1.7) {
    expect(lengthMs / tickOf(lengthMs)).toBeLessThanOrEqual(8);
  }
});
