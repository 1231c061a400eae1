import { expect, it } from "vitest";
import { rtspBeginning, shownProfile } from "./words";

it("leaves out what the camera did not tell", () => {
  const profile = { token: "1", name: "Main", codec: "H264", stream_url: "rtsp://10.0.0.5/1" };
  const none = { width: 0, height: 0, fps: 0, bitrate_bps: 0 };
  expect(shownProfile({ ...profile, ...none })).toBe("Main · H264");
  expect(shownProfile({ ...profile, width: 1280, height: 720, fps: 25, bitrate_bps: 0 })).toBe(
    "Main · H264 · 1280×720 · 25 quadros/s",
  );
});

it("begins an RTSP address, of IPv6 too", () => {
  const device = { name: "", hardware: "", onvif_port: null };
  expect(rtspBeginning({ ...device, address: "10.0.0.5", rtsp_port: 8554 })).toBe(
    "rtsp://10.0.0.5:8554/",
  );
  expect(rtspBeginning({ ...device, address: "fd00::5", rtsp_port: null })).toBe(
    "rtsp://[fd00::5]:554/",
  );
});
