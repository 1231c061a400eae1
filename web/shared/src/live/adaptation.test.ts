import { expect, it } from "vitest";
import { type Adaptation, begin, judge, type Look } from "./adaptation";

const GOOD: Look = { lostShare: 0, freezes: 0, delayMs: 60 };
const LOSSY: Look = { ...GOOD, lostShare: 0.1 };
const SECOND_MS = 1000;

/** Seconds of a line, one look each, from `nowMs`; the state after, and when. */
function watched(from: Adaptation, looks: readonly Look[], nowMs = from.sinceMs) {
  return looks.reduce(
    ({ state, nowMs: at }, look) => ({
      state: judge(state, look, at + SECOND_MS),
      nowMs: at + SECOND_MS,
    }),
    { state: from, nowMs },
  );
}

const seconds = (look: Look, count: number) => Array.from({ length: count }, () => look);

it.each([
  ["losses", LOSSY],
  ["a picture that stands still", { ...GOOD, freezes: 1 }],
  ["pictures that come late", { ...GOOD, delayMs: 2000 }],
])("takes the small stream when the line stays bad: %s", (_, look) => {
  expect(watched(begin(0), seconds(look, 3)).state.size).toBe("large");
  expect(watched(begin(0), seconds(look, 4)).state.size).toBe("small");
});

it("stays with the large stream through a burst", () => {
  const burst = [...seconds(LOSSY, 3), ...seconds(GOOD, 8)];
  expect(watched(begin(0), [...burst, ...burst]).state.size).toBe("large");
});

it("does not take what it cannot measure for a bad line", () => {
  expect(watched(begin(0), seconds({ ...GOOD, delayMs: null }, 20)).state.size).toBe("large");
});

it("comes back to the large stream when the small one was well for long enough, not before", () => {
  const fallen = watched(begin(0), seconds(LOSSY, 4));
  const almost = watched(fallen.state, seconds(GOOD, 59), fallen.nowMs);
  expect(almost.state.size).toBe("small");
  expect(watched(almost.state, [GOOD], almost.nowMs).state.size).toBe("large");
  expect(watched(almost.state, [LOSSY, ...seconds(GOOD, 59)], almost.nowMs).state.size).toBe(
    "small",
  );
});

it("tries more and more seldom while the large stream fails at once, but never gives up", () => {
  let { state, nowMs } = watched(begin(0), seconds(LOSSY, 4));
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const fellAt = nowMs;
    while (state.size === "small") ({ state, nowMs } = watched(state, [GOOD], nowMs));
    waits.push((nowMs - fellAt) / SECOND_MS);
    ({ state, nowMs } = watched(state, seconds(LOSSY, 4), nowMs));
  }
  expect(waits).toEqual([60, 120, 240, 480, 600, 600, 600, 600]);
});

it("forgets failed tries when the large stream lasted", () => {
  const fallen = watched(begin(0), [...seconds(GOOD, 70), ...seconds(LOSSY, 4)]);
  expect(watched(fallen.state, seconds(GOOD, 30), fallen.nowMs).state.size).toBe("large");
});
