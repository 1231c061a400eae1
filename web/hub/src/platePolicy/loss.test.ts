// A shorter retention is told before it deletes reads.
import { expect, it } from "vitest";
import type { PlatePolicy } from "../api/types";
import { DAY_MS, daysLost, daysOf, keptSince, shrinks } from "./loss";

const POLICY: PlatePolicy = { retention_days: 180, viewers_see_plates: true, etag: "e" };
const NOW = Date.parse("2026-11-25T15:00:00Z");

it("warns of fewer days, and of no other change", () => {
  expect(shrinks(POLICY, 179)).toBe(true);
  expect(shrinks(POLICY, 180)).toBe(false);
  expect(shrinks(POLICY, 365)).toBe(false);
});

it("names the instant before which reads go, and how many days of them there are", () => {
  expect(new Date(keptSince(NOW, 30)).toISOString()).toBe("2026-10-26T15:00:00.000Z");
  expect(daysLost(NOW - 45.5 * DAY_MS, NOW, 30)).toBe(16);
  expect(daysLost(NOW - 30 * DAY_MS, NOW, 30)).toBe(0);
  expect(daysLost(NOW - DAY_MS, NOW, 30)).toBe(0);
});

it.each(["", "0", "1830", "2.5", "trinta", "-3"])("takes %j for no number of days", (typed) => {
  expect(daysOf(typed)).toBeNull();
});

it("takes what the hub takes", () => {
  expect([daysOf("1"), daysOf("1829")]).toEqual([1, 1829]);
});
