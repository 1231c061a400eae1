// The live player's choices, with a WebRTC session and an HLS player that do as they are told.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api";
import { failure } from "../player/failure";
import { LiveRig, OFFER, settle } from "./liveRig";
import type { Quality } from "./whep";

let rig: LiveRig;

beforeEach(() => {
  vi.useFakeTimers();
  rig = new LiveRig();
});

afterEach(() => {
  rig.player.stop();
  vi.useRealTimers();
});

const GOOD: Quality = { fps: 25, bitrateBps: 2e6, delayMs: 60, lostShare: 0, freezes: 0 };
const LOSSY: Quality = { ...GOOD, lostShare: 0.1 };
/** So many seconds of a line, each measured. */
async function line(measured: Quality, seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    rig.quality(measured);
    await settle(1000);
  }
}

describe("LivePlayer", () => {
  it("plays by WebRTC where it works, in the variant that was asked for", async () => {
    await rig.start("sub");
    expect(rig.player.state).toMatchObject({
      phase: "webrtc",
      variant: "sub",
      variants: ["main", "sub"],
    });
    expect(rig.hls.load).not.toHaveBeenCalled();
  });

  it("tells how good the picture is", async () => {
    await rig.start();
    const measured = GOOD;
    rig.quality(measured);
    expect(rig.player.state.quality).toEqual(measured);
  });

  it("falls back to HLS where WebRTC does not get through", async () => {
    rig.webRtc = "blocked";
    await rig.start();
    rig.hls.tell({ phase: "playing", timeUtcMs: 1000 });
    await settle(300);
    expect(rig.player.state).toMatchObject({ phase: "hls", timeUtcMs: 1000 });
  });

  it("goes to HLS at once when WebRTC is lost", async () => {
    await rig.start();
    rig.webRtc = "blocked";
    rig.sessions[0]?.lose();
    await settle();
    expect(rig.hls.load).toHaveBeenCalledWith("/main/index.m3u8", { live: true });
  });

  it("comes back to WebRTC by itself, without leaving HLS before there is a picture", async () => {
    rig.webRtc = "blocked";
    await rig.start();
    rig.hls.tell({ phase: "playing", timeUtcMs: 1000 });
    for (let second = 2; second < 12; second += 1) {
      await settle(1000);
      rig.hls.tell({ timeUtcMs: second * 1000 });
    }
    rig.webRtc = "works";
    await settle(8000);
    expect(rig.player.state.phase).toBe("hls");
    rig.hls.tell({ timeUtcMs: 19_000 });
    await settle(3000);
    expect(rig.player.state.phase).toBe("webrtc");
    expect(rig.sessions).toHaveLength(1);
  });

  it("leaves a picture by HLS alone for longer each time that WebRTC dies at once", async () => {
    const byHls = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        rig.hls.tell({ phase: "playing", timeUtcMs: Date.now() });
        await settle(1000);
      }
    };
    await rig.start();
    rig.sessions[0]?.lose();
    await byHls(38);
    expect(rig.sessions).toHaveLength(1);
    await byHls(4);
    expect(rig.sessions).toHaveLength(2);
    rig.sessions[1]?.lose();
    await byHls(75);
    expect(rig.sessions).toHaveLength(2);
    await byHls(10);
    expect(rig.player.state.phase).toBe("webrtc");
    await settle(11_000);
    rig.sessions[2]?.lose();
    await byHls(22);
    expect(rig.sessions, "one that lived is tried again as soon as ever").toHaveLength(4);
  });

  it("does not leave a picture that stands still on the screen", async () => {
    rig.webRtc = "blocked";
    await rig.start();
    rig.hls.tell({ phase: "playing", timeUtcMs: 1000 });
    await settle(8000);
    rig.hls.tell({ timeUtcMs: 9000 });
    await settle(9000);
    expect(rig.player.state.phase).toBe("hls");
    await settle(2000);
    expect(rig.player.state).toMatchObject({ phase: "waiting", failure: { kind: "timeout" } });
  });

  it("says why when neither works, and tries again", async () => {
    rig.webRtc = "blocked";
    await rig.start();
    rig.hls.tell({ phase: "failed", failure: failure("no-footage", "Sem imagens agora.") });
    await settle(300);
    expect(rig.player.state).toMatchObject({
      phase: "waiting",
      failure: { detail: "Sem imagens agora." },
    });
    rig.webRtc = "works";
    await settle(3100);
    expect(rig.player.state.phase).toBe("webrtc");
  });

  it("asks for a new offer when the box no longer knows the old one", async () => {
    rig.webRtc = new ApiProblem(401, null);
    await rig.start();
    expect(rig.hls.load).not.toHaveBeenCalled();
    rig.webRtc = "works";
    await settle(3100);
    expect(rig.player.state.phase).toBe("webrtc");
  });

  it("comes back at once, without a word, when its key grew old while WebRTC played", async () => {
    const ask = vi.fn(() => Promise.resolve(OFFER));
    void rig.player.start(ask, "main");
    await settle(70_000);
    const told = vi.fn();
    rig.player.subscribe(() => told(rig.player.state.failure?.kind));
    rig.hls.load.mockImplementationOnce(async () =>
      rig.hls.tell({ phase: "failed", failure: failure("session-ended") }),
    );
    rig.sessions[0]?.lose();
    await settle(300);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(rig.player.state.phase).toBe("webrtc");
    expect(told).not.toHaveBeenCalledWith("session-ended");
  });

  it("does not hammer a box that refuses a new key too", async () => {
    rig.webRtc = new ApiProblem(403, null);
    const ask = vi.fn(() => Promise.resolve(OFFER));
    void rig.player.start(ask, "main");
    await settle(2900);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(rig.player.state.failure?.kind).toBe("session-ended");
  });

  it("hangs up when it is stopped, also while it is connecting", async () => {
    await rig.start();
    rig.player.stop();
    expect(rig.sessions[0]?.close).toHaveBeenCalled();
    void rig.player.start(() => Promise.resolve(OFFER), "main");
    rig.player.stop();
    await settle(10);
    expect(rig.sessions.slice(1).every(({ close }) => close.mock.calls.length > 0)).toBe(true);
  });

  it("shows the small stream while the line is bad, and the large one again when it is well", async () => {
    await rig.start("auto");
    await line(LOSSY, 4);
    expect(rig.player.state).toMatchObject({ phase: "webrtc", variant: "sub" });
    expect(rig.sessions[0]?.close).toHaveBeenCalled();
    await line(GOOD, 61);
    expect(rig.player.state).toMatchObject({ phase: "webrtc", variant: "main" });
    expect(rig.opened).toEqual(["/main/whep", "/sub/whep", "/main/whep"]);
    expect(rig.hls.load).not.toHaveBeenCalled();
  });

  it("keeps the picture that it has while the other stream cannot be had", async () => {
    await rig.start("auto");
    rig.webRtc = "blocked";
    await line(LOSSY, 4);
    expect(rig.player.state).toMatchObject({ phase: "webrtc", variant: "main" });
    expect(rig.sessions[0]?.close).not.toHaveBeenCalled();
    rig.webRtc = "works";
    await line(LOSSY, 4);
    expect(rig.player.state.variant).toBe("sub");
  });

  it("leaves the stream that a person chose", async () => {
    await rig.start("main");
    await line(LOSSY, 20);
    expect(rig.opened).toEqual(["/main/whep"]);
  });
});
