// A camera's figures are read by people who decide whether to send a technician.
import { expect, it } from "vitest";
import { kindOf, rateOf, troubleOf } from "./figures";

const GOOD = {
  video_codec: "h265",
  audio_codec: "pcm_mulaw",
  width: 1920,
  height: 1080,
  fps: 24.8,
  bitrate_bps: 2_040_000,
  gop_s: 2,
  packets_lost: 0,
  reconnects: 0,
  clock_drift_ms: 40,
};
const NOTHING = {
  ...GOOD,
  video_codec: "",
  audio_codec: "",
  width: 0,
  height: 0,
  fps: 0,
  bitrate_bps: 0,
  gop_s: null,
  clock_drift_ms: null,
};

it("tells codec, picture, sound and rates", () => {
  expect(kindOf(GOOD)).toBe("H.265 1920×1080 · som G.711");
  expect(rateOf(GOOD)).toBe("25 fps · 2,0 Mbit/s");
});

it("leaves out what is not known", () => {
  expect(kindOf(NOTHING)).toBe("—");
  expect(rateOf(NOTHING)).toBe("");
  expect(troubleOf(NOTHING)).toBe("");
});

it("tells losses, reconnections and clocks apart, and says nothing while all is well", () => {
  expect(troubleOf(GOOD)).toBe("");
  const bad = { ...GOOD, packets_lost: 1720, reconnects: 1, clock_drift_ms: 1240 };
  expect(troubleOf(bad)).toBe("1.720 pacotes perdidos · 1 reconexão · vídeo 1,2 s atrasado");
  expect(troubleOf({ ...GOOD, clock_drift_ms: -900 })).toBe("vídeo 0,9 s adiantado");
});
