// A camera that has sound is heard live when somebody asks for it.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Camera } from "../api/types";
import { LiveVideo } from "./LiveVideo";

vi.mock("@gtvision/shared/live", () => ({
  AUTOMATIC: "auto",
  useLivePlayer: () => ({
    state: { phase: "hls", quality: null, timeUtcMs: null, variants: ["main", "sub"] },
    videoRef: () => () => undefined,
  }),
}));
vi.mock("./LiveQuality", () => ({ LiveQuality: () => null }));

afterEach(cleanup);

const camera = (audioCodec: string): Camera => ({
  id: "cam1",
  name: "Praça",
  state: "online",
  fps: 25,
  bitrate_bps: 2_000_000,
  last_packet_at: null,
  reason: "",
  fault: "camera",
  video_codec: "h264",
  audio_codec: audioCodec,
  width: 640,
  height: 360,
  gop_s: 2,
  reconnects: 0,
  clock_drift_ms: null,
  packets_lost: 0,
});
const shown = (audioCodec: string) =>
  render(<LiveVideo camera={camera(audioCodec)} variant="auto" onVariant={() => undefined} />);
const video = () => screen.getByTestId<HTMLVideoElement>("live-video");

it("is silent until the person turns the sound on", () => {
  shown("aac");
  expect(video().muted).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Ligar o som" }));
  expect(video().muted).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Desligar o som" }));
  expect(video().muted).toBe(true);
});

it("offers no sound where the camera sends none", () => {
  shown("");
  expect(screen.queryByRole("button", { name: "Ligar o som" })).toBeNull();
});
