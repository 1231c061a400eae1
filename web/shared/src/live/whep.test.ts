import { expect, it } from "vitest";
import { qualityBetween } from "./whep";

const at = (
  timestamp: number,
  bytesReceived: number,
  frames: number,
  jitterBufferDelay: number,
) => ({
  timestamp,
  bytesReceived,
  framesDecoded: frames,
  framesReceived: frames,
  jitterBufferEmittedCount: frames,
  jitterBufferDelay,
});

it("is what arrived between two looks, per second, and how late it was shown", () => {
  const quality = qualityBetween(at(1000, 0, 10, 0.4), at(3000, 500_000, 60, 2.4), 0.02);
  expect(quality).toEqual({ bitrateBps: 2_000_000, fps: 25, delayMs: 50 });
});

it("knows no delay while nothing is shown", () => {
  expect(qualityBetween(at(0, 0, 5, 1), at(1000, 9, 5, 1), 0).delayMs).toBeNull();
});
