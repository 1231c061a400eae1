// A picture that is on its way is waited for; one that never comes does not keep the hub busy.
import { expect, it } from "vitest";
import type { WatchlistHit } from "../api/types";
import { refreshMs } from "./useHits";

const NOW = Date.parse("2026-11-24T12:00:00Z");

function hit(storedSecondsAgo: number, imageUrl: string | null): WatchlistHit {
  const stored_at = new Date(NOW - storedSecondsAgo * 1000).toISOString();
  return { stored_at, read: { image_url: imageUrl } } as WatchlistHit;
}

it("asks often while a fresh hit has no picture", () => {
  expect(refreshMs([hit(5, null)], NOW)).toBe(2000);
});

it.each([
  ["has come", hit(5, "http://x")],
  ["has not come for a minute", hit(61, null)],
  ["went with its read", { ...hit(5, null), read: null }],
])("asks now and then when the picture %s", (_, seen) => {
  expect(refreshMs([seen], NOW)).toBe(30_000);
});
