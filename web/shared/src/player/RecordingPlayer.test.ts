// Which way a recording is played, with two engines that do as they are told.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IDLE, type PlaybackEngine, type PlayerState } from "./engine";
import { failure } from "./failure";
import { RecordingPlayer } from "./RecordingPlayer";

const T0 = Date.parse("2026-11-24T02:00:00Z");
const H264 = "avc1.42c016";

class FakeEngine implements PlaybackEngine {
  state: PlayerState = IDLE;
  load = vi.fn<PlaybackEngine["load"]>(async () => this.tell({ phase: "opening" }));
  seekUtc = vi.fn();
  play = vi.fn();
  pause = vi.fn();
  skip = vi.fn();
  step = vi.fn();
  positionUtc = () => this.state.timeUtcMs;
  attach = () => () => undefined;
  private listener: () => void = () => undefined;
  destroy = vi.fn(() => this.tell({ ...IDLE, rate: this.state.rate }));
  setRate = vi.fn((rate: number) => this.tell({ rate }));
  subscribe(listener: () => void) {
    this.listener = listener;
    return () => undefined;
  }
  tell(state: Partial<PlayerState>) {
    this.state = { ...this.state, ...state };
    this.listener();
  }
}

let hls: FakeEngine;
let webRtc: FakeEngine;
let player: RecordingPlayer;

const source = (...codecs: string[]) => ({
  url: "/playback.m3u8",
  offerUrl: "/whep",
  startAtUtc: T0,
  codecs: () => Promise.resolve(codecs),
});

beforeEach(() => {
  vi.useFakeTimers();
  hls = new FakeEngine();
  webRtc = new FakeEngine();
  player = new RecordingPlayer(hls, webRtc, (codec) => !codec.startsWith("hvc1"));
});
afterEach(() => {
  vi.useRealTimers();
});

describe("RecordingPlayer", () => {
  it("plays footage without sound by WebRTC, from the moment that was asked for", async () => {
    await player.load(source(H264));
    expect(webRtc.load).toHaveBeenCalledWith("/whep", expect.objectContaining({ startAtUtc: T0 }));
    expect(player.state).toMatchObject({ engine: "webrtc", engines: ["hls", "webrtc"] });
    expect(player.state.rates).toContain(16);
    expect(hls.load).not.toHaveBeenCalled();
  });

  it("plays footage with sound by HLS", async () => {
    await player.load(source(H264, "opus"));
    expect(hls.load).toHaveBeenCalledWith("/playback.m3u8", expect.anything());
    expect(player.state).toMatchObject({ engine: "hls", engines: ["hls", "webrtc"] });
  });

  it("plays by HLS where the box does not say what it holds, and where there is nothing else", async () => {
    await player.load({ ...source(), codecs: () => Promise.reject(new Error("away")) });
    expect(player.state.engine).toBe("hls");
    await player.load({ url: "/relay.m3u8" });
    expect(player.state).toMatchObject({ engine: "hls", engines: ["hls"] });
  });

  it("says what to do about H.265 instead of failing", async () => {
    await player.load(source("hvc1.1.6.L93.B0"));
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "codec" } });
    expect(player.state.failure?.detail).toContain("VLC");
    expect(hls.load).not.toHaveBeenCalled();
    expect(webRtc.load).not.toHaveBeenCalled();
    await player.load(source(H264));
    expect(player.state.failure).toBeNull();
  });

  it("goes on by HLS from the same picture when WebRTC is lost", async () => {
    await player.load(source(H264));
    webRtc.tell({ phase: "playing", timeUtcMs: T0 + 5000, rate: 16 });
    webRtc.tell({ phase: "failed", failure: failure("network") });
    expect(hls.load).toHaveBeenCalledWith(
      "/playback.m3u8",
      expect.objectContaining({ startAtUtc: T0 + 5000 }),
    );
    expect(player.state).toMatchObject({ engine: "hls", rate: 4, failure: null });
  });

  it("comes back to WebRTC with the first jump a minute later", async () => {
    await player.load(source(H264));
    webRtc.tell({ phase: "failed", failure: failure("timeout") });
    hls.tell({ phase: "playing", timeUtcMs: T0 });
    player.seekUtc(T0 + 1000);
    expect(hls.seekUtc).toHaveBeenCalledWith(T0 + 1000);
    vi.advanceTimersByTime(61_000);
    player.seekUtc(T0 + 9000);
    expect(webRtc.load).toHaveBeenLastCalledWith(
      "/whep",
      expect.objectContaining({ startAtUtc: T0 + 9000 }),
    );
    expect(player.state.engine).toBe("webrtc");
  });

  it("says why when neither way works", async () => {
    await player.load(source(H264));
    webRtc.tell({ phase: "failed", failure: failure("network") });
    hls.tell({ phase: "failed", failure: failure("no-footage") });
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "no-footage" } });
    expect(webRtc.load).toHaveBeenCalledTimes(1);
  });

  it("plays the way that a person chooses, from the same picture", async () => {
    await player.load(source(H264, "opus"));
    hls.tell({ phase: "playing", timeUtcMs: T0 + 3000 });
    player.choose("webrtc");
    expect(webRtc.load).toHaveBeenCalledWith(
      "/whep",
      expect.objectContaining({ startAtUtc: T0 + 3000 }),
    );
  });

  it("forgets an answer that comes when another recording was opened meanwhile", async () => {
    let answer: (codecs: string[]) => void = () => undefined;
    const slow = player.load({ ...source(), codecs: () => new Promise((done) => (answer = done)) });
    await player.load({ url: "/other.m3u8" });
    answer([H264]);
    await slow;
    expect(webRtc.load).not.toHaveBeenCalled();
  });

  it("says whether sound comes with the pictures, or where it can be had", async () => {
    await player.load({ ...source(), codecs: () => Promise.reject(new Error("away")) });
    expect(player.state.sound).toBeNull();
    await player.load(source(H264));
    expect(player.state.sound).toBe("none");
    await player.load(source(H264, "mp4a.40.2"));
    hls.tell({ phase: "playing", hasSound: true });
    expect(player.state.sound).toBe("here");
    player.choose("webrtc");
    expect(player.state.sound).toBe("hls");
  });

  it("goes to WebRTC for a speed that HLS has not, from the same picture", async () => {
    await player.load(source(H264, "mp4a.40.2"));
    hls.tell({ phase: "playing", timeUtcMs: T0 + 5000 });
    expect(player.state.rates).toContain(16);
    player.setRate(4);
    expect(webRtc.load).not.toHaveBeenCalled();
    player.setRate(16);
    expect(webRtc.load).toHaveBeenCalledExactlyOnceWith(
      "/whep",
      expect.objectContaining({ startAtUtc: T0 + 5000 }),
    );
    expect(player.state).toMatchObject({ engine: "webrtc", rate: 16 });
    webRtc.tell({ phase: "failed", failure: failure("network") });
    expect(player.state).toMatchObject({ engine: "hls", rate: 4 });
    expect(hls.load).toHaveBeenLastCalledWith(
      "/playback.m3u8",
      expect.objectContaining({ startAtUtc: T0 + 5000 }),
    );
    expect(player.state.rates).not.toContain(16);
  });

  it("takes the way that is preferred, and the other where that fails", async () => {
    await player.load({ ...source(H264), prefers: "hls" });
    expect(player.state.engine).toBe("hls");
    hls.tell({ phase: "failed", failure: failure("network") });
    expect(player.state.engine).toBe("webrtc");
  });

  it("offers of H.265 what HLS can, because no box sends it by WebRTC", async () => {
    player = new RecordingPlayer(hls, webRtc, () => true);
    await player.load(source("hvc1.1.6.L93.B0"));
    expect(player.state).toMatchObject({ engine: "hls", engines: ["hls"] });
    expect(player.state.rates).not.toContain(16);
  });
});
