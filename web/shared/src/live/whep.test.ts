import { expect, it } from "vitest";
import { qualityBetween } from "./whep";

const at = (
  timestamp: number,
  bytesReceived: number,
  frames: number,
  jitterBufferDelay: number,
  packets: { packetsLost: number; packetsReceived: number; freezeCount?: number } = {
    packetsLost: 0,
    packetsReceived: 0,
  },
) => ({
  ...packets,
  timestamp,
  bytesReceived,
  framesDecoded: frames,
  framesReceived: frames,
  jitterBufferEmittedCount: frames,
  jitterBufferDelay,
});

it("is what arrived between two looks, per second, and how late it was shown", () => {
  const quality = qualityBetween(at(1000, 0, 10, 0.4), at(3000, 500_000, 60, 2.4), 0.02);
  expect(quality).toMatchObject({ bitrateBps: 2_000_000, fps: 25, delayMs: 50 });
});

it("knows no delay while nothing is shown", () => {
  expect(qualityBetween(at(0, 0, 5, 1), at(1000, 9, 5, 1), 0).delayMs).toBeNull();
});

it("tells the share of lost packets and how often the picture stood still", () => {
  const last = at(0, 0, 5, 1, { packetsLost: 10, packetsReceived: 100, freezeCount: 1 });
  const now = at(1000, 9, 9, 1, { packetsLost: 15, packetsReceived: 195, freezeCount: 3 });
  expect(qualityBetween(last, now, 0)).toMatchObject({ lostShare: 0.05, freezes: 2 });
  const twice = at(1000, 9, 9, 1, { packetsLost: 8, packetsReceived: 195 });
  expect(qualityBetween(last, twice, 0)).toMatchObject({ lostShare: 0 });
  expect(qualityBetween(last, { ...last, timestamp: 1000 }, 0).lostShare).toBeNull();
});
