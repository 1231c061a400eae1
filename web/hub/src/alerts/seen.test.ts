// An alert stays until somebody has looked at it, also over a reload of the page.
import { expect, it } from "vitest";
import { readSeen, saw, sawAll, unseen } from "./seen";

const hits = [{ id: 9 }, { id: 8 }, { id: 5 }];

it("alarms of nothing that was there before the person's first visit", () => {
  expect(unseen(hits, null)).toEqual([]);
  expect(sawAll(hits, null)).toEqual({ until: 9, ids: [] });
});

it("keeps what is newer than the last look, but for what was closed", () => {
  const seen = saw({ id: 8 }, { until: 5, ids: [] });
  expect(unseen(hits, seen)).toEqual([{ id: 9 }]);
  expect(unseen(hits, sawAll(hits, seen))).toEqual([]);
});

it("never goes back when a list is shorter than before", () => {
  expect(sawAll([], { until: 9, ids: [] })).toEqual({ until: 9, ids: [] });
});

it.each([null, "", "null", "{}", '{"until":"9"}'])("takes %j for a first visit", (stored) => {
  expect(readSeen(stored)).toBeNull();
});

it("reads what it has stored", () => {
  expect(readSeen(JSON.stringify({ until: 3, ids: [7] }))).toEqual({ until: 3, ids: [7] });
});
