// Which way the live player takes while somebody listens.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveRig, mute, OFFER, settle } from "./liveRig";

let rig: LiveRig;

beforeEach(() => {
  vi.useFakeTimers();
  rig = new LiveRig();
});

afterEach(() => {
  rig.player.stop();
  vi.useRealTimers();
});

describe("LivePlayer with sound", () => {
  it("adapts by HLS in silence, and plays one stream with its sound while it is heard", async () => {
    rig.webRtc = "blocked";
    const video = rig.watched();
    const offer = { ...OFFER, adaptive_url: "/all.m3u8" };
    void rig.player.start(() => Promise.resolve(offer), "auto");
    await settle();
    expect(rig.hls.load).toHaveBeenLastCalledWith("/all.m3u8", { live: true });
    mute(video, false);
    await settle(300);
    expect(rig.hls.load).toHaveBeenLastCalledWith("/main/index.m3u8", { live: true });
    mute(video, true);
    await settle(300);
    expect(rig.hls.load).toHaveBeenLastCalledWith("/all.m3u8", { live: true });
    expect(rig.hls.load).toHaveBeenCalledTimes(3);
  });

  it("goes to HLS for the sound that WebRTC does not carry, and back once nobody listens", async () => {
    rig.carriesSound = false;
    const video = rig.watched();
    await rig.start();
    expect(rig.player.state.phase).toBe("webrtc");
    mute(video, false);
    await settle();
    expect(rig.sessions[0]?.close).toHaveBeenCalled();
    expect(rig.hls.load).toHaveBeenCalledWith("/main/index.m3u8", { live: true });
    for (let second = 1; second < 60; second += 1) {
      rig.hls.tell({ phase: "playing", timeUtcMs: second * 1000 });
      await settle(1000);
    }
    expect(rig.player.state.phase).toBe("hls");
    expect(rig.opened).toHaveLength(1);
    mute(video, true);
    await settle(300);
    expect(rig.player.state.phase).toBe("webrtc");
    expect(rig.opened).toHaveLength(2);
  });

  it("stays with WebRTC where it carries the sound", async () => {
    const video = rig.watched();
    await rig.start();
    mute(video, false);
    await settle(1000);
    expect(rig.player.state.phase).toBe("webrtc");
    expect(rig.hls.load).not.toHaveBeenCalled();
  });

  it("leaves no sound for a WebRTC that comes back without it", async () => {
    rig.carriesSound = false;
    rig.webRtc = "blocked";
    const video = rig.watched();
    await rig.start();
    mute(video, false);
    rig.webRtc = "works";
    for (let second = 1; second < 60; second += 1) {
      rig.hls.tell({ phase: "playing", timeUtcMs: second * 1000 });
      await settle(1000);
    }
    expect(rig.player.state.phase).toBe("hls");
    expect(rig.sessions).toHaveLength(1);
    expect(rig.sessions[0]?.close).toHaveBeenCalled();
  });
});
