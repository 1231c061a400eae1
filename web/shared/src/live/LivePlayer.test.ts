// The live player's choices, with a WebRTC session and an HLS player that do as they are told.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api";
import type { PlayerState } from "../player/engine";
import type { HlsPlayer } from "../player/HlsPlayer";
import { failure } from "../player/failure";
import { LivePlayer } from "./LivePlayer";
import type { Quality } from "./whep";

const OFFER = {
  qualities: [
    { name: "main", codec: "h264", whep_url: "/main/whep", hls_url: "/main/index.m3u8" },
    { name: "sub", codec: "h264", whep_url: "/sub/whep", hls_url: "/sub/index.m3u8" },
  ],
};

class FakeSession {
  stream = {} as MediaStream;
  close = vi.fn(() => this.lose());
  lose: () => void = () => undefined;
  private readonly over = new Promise<void>((resolve) => (this.lose = resolve));
  ended = () => this.over;
}

class FakeHls {
  state: Partial<PlayerState> = { phase: "idle", timeUtcMs: null, failure: null };
  load = vi.fn(async () => this.tell({ phase: "opening", timeUtcMs: null }));
  destroy = vi.fn();
  attach = () => () => undefined;
  private listener: () => void = () => undefined;
  subscribe(listener: () => void) {
    this.listener = listener;
    return () => undefined;
  }
  tell(state: Partial<PlayerState>) {
    this.state = { ...this.state, ...state };
    this.listener();
  }
}

let hls: FakeHls;
let player: LivePlayer;
let sessions: FakeSession[];
let webRtc: "works" | "blocked" | ApiProblem;
let quality: (quality: Quality) => void;
let opened: string[];

beforeEach(() => {
  vi.useFakeTimers();
  hls = new FakeHls();
  sessions = [];
  opened = [];
  webRtc = "works";
  player = new LivePlayer(hls as unknown as HlsPlayer, async (url, onQuality) => {
    opened.push(url);
    if (webRtc !== "works") throw webRtc === "blocked" ? new Error("no picture came") : webRtc;
    quality = onQuality;
    const session = new FakeSession();
    sessions.push(session);
    return session;
  });
});

afterEach(() => {
  player.stop();
  vi.useRealTimers();
});

const GOOD: Quality = { fps: 25, bitrateBps: 2e6, delayMs: 60, lostShare: 0, freezes: 0 };
const LOSSY: Quality = { ...GOOD, lostShare: 0.1 };
/** So many seconds of a line, each measured. */
async function line(measured: Quality, seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    quality(measured);
    await settle(1000);
  }
}

const settle = (ms = 1) => vi.advanceTimersByTimeAsync(ms);
const start = (prefer = "main") => {
  void player.start(() => Promise.resolve(OFFER), prefer);
  return settle();
};

describe("LivePlayer", () => {
  it("plays by WebRTC where it works, in the variant that was asked for", async () => {
    await start("sub");
    expect(player.state).toMatchObject({
      phase: "webrtc",
      variant: "sub",
      variants: ["main", "sub"],
    });
    expect(hls.load).not.toHaveBeenCalled();
  });

  it("tells how good the picture is", async () => {
    await start();
    const measured = GOOD;
    quality(measured);
    expect(player.state.quality).toEqual(measured);
  });

  it("falls back to HLS where WebRTC does not get through", async () => {
    webRtc = "blocked";
    await start();
    hls.tell({ phase: "playing", timeUtcMs: 1000 });
    await settle(300);
    expect(player.state).toMatchObject({ phase: "hls", timeUtcMs: 1000 });
  });

  it("goes to HLS at once when WebRTC is lost", async () => {
    await start();
    webRtc = "blocked";
    sessions[0]?.lose();
    await settle();
    expect(hls.load).toHaveBeenCalledWith("/main/index.m3u8", { live: true });
  });

  it("adapts by HLS in silence, and plays one stream with its sound while it is heard", async () => {
    webRtc = "blocked";
    const video = { muted: true } as HTMLVideoElement;
    player.attach(video);
    const offer = { ...OFFER, adaptive_url: "/all.m3u8" };
    void player.start(() => Promise.resolve(offer), "auto");
    await settle();
    expect(hls.load).toHaveBeenLastCalledWith("/all.m3u8", { live: true });
    video.muted = false;
    await settle(300);
    expect(hls.load).toHaveBeenLastCalledWith("/main/index.m3u8", { live: true });
    video.muted = true;
    await settle(300);
    expect(hls.load).toHaveBeenLastCalledWith("/all.m3u8", { live: true });
    expect(hls.load).toHaveBeenCalledTimes(3);
  });

  it("comes back to WebRTC by itself, without leaving HLS before there is a picture", async () => {
    webRtc = "blocked";
    await start();
    hls.tell({ phase: "playing", timeUtcMs: 1000 });
    for (let second = 2; second < 12; second += 1) {
      await settle(1000);
      hls.tell({ timeUtcMs: second * 1000 });
    }
    webRtc = "works";
    await settle(8000);
    expect(player.state.phase).toBe("hls");
    hls.tell({ timeUtcMs: 19_000 });
    await settle(3000);
    expect(player.state.phase).toBe("webrtc");
    expect(sessions).toHaveLength(1);
  });

  it("does not leave a picture that stands still on the screen", async () => {
    webRtc = "blocked";
    await start();
    hls.tell({ phase: "playing", timeUtcMs: 1000 });
    await settle(8000);
    hls.tell({ timeUtcMs: 9000 });
    await settle(9000);
    expect(player.state.phase).toBe("hls");
    await settle(2000);
    expect(player.state).toMatchObject({ phase: "waiting", failure: { kind: "timeout" } });
  });

  it("says why when neither works, and tries again", async () => {
    webRtc = "blocked";
    await start();
    hls.tell({ phase: "failed", failure: failure("no-footage", "Sem imagens agora.") });
    await settle(300);
    expect(player.state).toMatchObject({
      phase: "waiting",
      failure: { detail: "Sem imagens agora." },
    });
    webRtc = "works";
    await settle(3100);
    expect(player.state.phase).toBe("webrtc");
  });

  it("asks for a new offer when the box no longer knows the old one", async () => {
    webRtc = new ApiProblem(401, null);
    await start();
    expect(hls.load).not.toHaveBeenCalled();
    webRtc = "works";
    await settle(3100);
    expect(player.state.phase).toBe("webrtc");
  });

  it("comes back at once, without a word, when its key grew old while WebRTC played", async () => {
    const ask = vi.fn(() => Promise.resolve(OFFER));
    void player.start(ask, "main");
    await settle(70_000);
    const told = vi.fn();
    player.subscribe(() => told(player.state.failure?.kind));
    hls.load.mockImplementationOnce(async () =>
      hls.tell({ phase: "failed", failure: failure("session-ended") }),
    );
    sessions[0]?.lose();
    await settle(300);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(player.state.phase).toBe("webrtc");
    expect(told).not.toHaveBeenCalledWith("session-ended");
  });

  it("does not hammer a box that refuses a new key too", async () => {
    webRtc = new ApiProblem(403, null);
    const ask = vi.fn(() => Promise.resolve(OFFER));
    void player.start(ask, "main");
    await settle(2900);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(player.state.failure?.kind).toBe("session-ended");
  });

  it("hangs up when it is stopped, also while it is connecting", async () => {
    await start();
    player.stop();
    expect(sessions[0]?.close).toHaveBeenCalled();
    void player.start(() => Promise.resolve(OFFER), "main");
    player.stop();
    await settle(10);
    expect(sessions.slice(1).every(({ close }) => close.mock.calls.length > 0)).toBe(true);
  });

  it("shows the small stream while the line is bad, and the large one again when it is well", async () => {
    await start("auto");
    await line(LOSSY, 4);
    expect(player.state).toMatchObject({ phase: "webrtc", variant: "sub" });
    expect(sessions[0]?.close).toHaveBeenCalled();
    await line(GOOD, 61);
    expect(player.state).toMatchObject({ phase: "webrtc", variant: "main" });
    expect(opened).toEqual(["/main/whep", "/sub/whep", "/main/whep"]);
    expect(hls.load).not.toHaveBeenCalled();
  });

  it("keeps the picture that it has while the other stream cannot be had", async () => {
    await start("auto");
    webRtc = "blocked";
    await line(LOSSY, 4);
    expect(player.state).toMatchObject({ phase: "webrtc", variant: "main" });
    expect(sessions[0]?.close).not.toHaveBeenCalled();
    webRtc = "works";
    await line(LOSSY, 4);
    expect(player.state.variant).toBe("sub");
  });

  it("leaves the stream that a person chose", async () => {
    await start("main");
    await line(LOSSY, 20);
    expect(opened).toEqual(["/main/whep"]);
  });
});
