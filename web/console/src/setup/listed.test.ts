import { expect, it } from "vitest";
import type { Camera, LocalCamera } from "../api/types";
import { listed } from "./listed";

const recorded = (id: string, name: string, rest: Partial<Camera> = {}): Camera => ({
  id,
  name,
  state: "online",
  fps: 25,
  bitrate_bps: 2_140_000,
  last_packet_at: null,
  reason: "",
  fault: "camera",
  video_codec: "",
  audio_codec: "",
  width: 0,
  height: 0,
  gop_s: null,
  reconnects: 0,
  clock_drift_ms: null,
  packets_lost: 0,
  ...rest,
});
const local = (id: string, name: string, refusal = ""): LocalCamera => ({
  id,
  name,
  rtsp_url: "rtsp://192.168.1.64/1",
  refusal,
});

it("lists each camera once, by name", () => {
  const rows = listed(
    [recorded("b", "Praça 10"), recorded("a", "Praça 9")],
    [local("b", "Praça 10")],
  );
  expect(rows.map(({ name, local }) => [name, local])).toEqual([
    ["Praça 9", false],
    ["Praça 10", true],
  ]);
});

it("says what a camera sends, or why it does not", () => {
  const offline = recorded("b", "B", { state: "offline", reason: "Senha recusada" });
  const told = recorded("c", "C", { video_codec: "h265", width: 1920, height: 1080 });
  expect(listed([recorded("a", "A"), offline, told], []).map(({ health }) => health)).toEqual([
    "25 quadros/s · 2,1 Mbit/s",
    "Senha recusada",
    "H265 · 1920×1080 · 25 quadros/s · 2,1 Mbit/s",
  ]);
});

it("keeps what the hub refused, which the box does not record", () => {
  const [row] = listed([], [local("c", "Escola", "O limite de câmeras foi atingido.")]);
  expect(row).toMatchObject({
    tone: "bad",
    label: "Recusada",
    refusal: "O limite de câmeras foi atingido.",
    local: true,
  });
});
