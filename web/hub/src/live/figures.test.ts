import { expect, it } from "vitest";
import { figures } from "./figures";

const QUALITY = { fps: 24.6, bitrateBps: 2_040_000, delayMs: 181, lostShare: 0, freezes: 0 };

it("says how good the picture is and which way it comes", () => {
  expect(figures({ phase: "webrtc", quality: QUALITY })).toBe(
    "25 fps · 2,0 Mbit/s · 181 ms · WebRTC",
  );
  expect(figures({ phase: "hls", quality: { ...QUALITY, delayMs: null } })).toBe(
    "25 fps · 2,0 Mbit/s · HLS, alguns segundos atrás",
  );
});

it("leaves out what is not measured yet", () => {
  expect(figures({ phase: "webrtc", quality: null })).toBe("WebRTC");
});
