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

beforeEach(() => {
  vi.useFakeTimers();
  hls = new FakeHls();
  sessions = [];
  webRtc = "works";
  player = new LivePlayer(hls as unknown as HlsPlayer, async (_url, onQuality) => {
    quality = onQuality;
    if (webRtc !== "works") throw webRtc === "blocked" ? new Error("no picture came") : webRtc;
    const session = new FakeSession();
    sessions.push(session);
    return session;
  });
});

afterEach(() => {
  player.stop();
  vi.useRealTimers();
});

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
    const measured = { fps: 25, bitrateBps: 2_000_000, delayMs: 60 };
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
});
