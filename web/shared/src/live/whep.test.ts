import { describe, expect, it } from "vitest";
import { qualityBetween } from "./whep";

const at = (timestamp: number, bytesReceived: number, framesDecoded: number) => ({
  timestamp,
  bytesReceived,
  framesDecoded,
  framesReceived: framesDecoded,
});

describe("qualityBetween", () => {
  it("is what arrived between two looks, per second", () => {
    const quality = qualityBetween(at(1000, 0, 10), at(3000, 500_000, 60));
    expect(quality).toEqual({
      bitrateBps: 2_000_000,
      fps: 25,
      timeUtcMs: null,
      measuredAtMs: 3000,
    });
  });

  it("turns the sender's NTP clock into UTC", () => {
    const now = { ...at(2000, 1, 1), estimatedPlayoutTimestamp: 2_208_988_800_000 + 42 };
    expect(qualityBetween(at(1000, 0, 0), now).timeUtcMs).toBe(42);
  });
});
