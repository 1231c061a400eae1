// A recording by WebRTC: orders to the box over the data channel, and what is made of the box's words.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebRtcPlayer } from "./WebRtcPlayer";

const T0 = Date.parse("2026-11-24T02:00:00Z");
const END = T0 + 60_000;
const at = (ms: number) => new Date(T0 + ms).toISOString();

class Channel extends EventTarget {
  readyState = "connecting";
  sent: unknown[] = [];
  send = (text: string) => void this.sent.push(JSON.parse(text));
  open() {
    this.readyState = "open";
    this.dispatchEvent(new Event("open"));
  }
  say(word: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(word) }));
  }
}

class Peer extends EventTarget {
  static last: Peer;
  channel = new Channel();
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = { sdp: "offer" };
  close = vi.fn();
  addTransceiver = vi.fn();
  createDataChannel = () => this.channel;
  createOffer = async () => ({});
  setLocalDescription = async () => undefined;
  setRemoteDescription = async () => undefined;
  constructor() {
    super();
    Peer.last = this;
  }
}

const fetched = vi.fn<(url: string, options: RequestInit) => Promise<Response>>();
let player: WebRtcPlayer;
let video: HTMLVideoElement;

function answer(status = 201, body = "answer") {
  const headers = new Map([
    ["Location", "http://box/session/1"],
    ["Date", new Date(T0 + 3_600_000).toUTCString()],
  ]);
  const text = () => Promise.resolve(body);
  const made = { ok: status < 400, status, headers, text, url: "http://box/whep" };
  fetched.mockResolvedValue(made as unknown as Response);
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function playing() {
  void player.load("/whep", { startAtUtc: T0, periodUtc: [T0, END] });
  await settle();
  const { channel } = Peer.last;
  channel.open();
  const shown = Object.assign(new Event("track"), { streams: [{}], track: {} });
  Peer.last.dispatchEvent(shown);
  channel.say({ do: "position", at: at(0) });
  channel.sent.length = 0;
  return channel;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Peer);
  vi.stubGlobal("fetch", fetched);
  answer();
  video = document.createElement("video");
  Object.defineProperty(video, "srcObject", { value: null, writable: true });
  vi.spyOn(video, "play").mockResolvedValue(undefined);
  player = new WebRtcPlayer();
  player.attach(video);
});
afterEach(() => {
  player.destroy();
  fetched.mockReset();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("WebRtcPlayer", () => {
  it("asks for the moment that is wanted, and plays once there is a picture", async () => {
    await playing();
    expect(fetched.mock.calls[0]?.[0]).toBe(`/whep?start=${encodeURIComponent(at(0))}`);
    expect(player.state).toMatchObject({ phase: "playing", timeUtcMs: T0, rangeUtcMs: [T0, END] });
    expect(player.state.hasSound).toBe(false);
  });

  it("steps by single pictures, which pauses", async () => {
    const channel = await playing();
    player.step(1);
    player.step(-1);
    expect(channel.sent).toEqual([
      { do: "step", frames: 1 },
      { do: "step", frames: -1 },
    ]);
    expect(player.state.phase).toBe("paused");
  });

  it("gives the box the orders of the person, and shows at once where it jumps", async () => {
    const channel = await playing();
    player.pause();
    player.seekUtc(T0 + 12_000);
    player.setRate(16);
    player.play();
    player.skip(10);
    expect(channel.sent).toEqual([
      { do: "pause" },
      { do: "seek", at: at(12_000) },
      { do: "speed", rate: 16 },
      { do: "play" },
      { do: "seek", at: at(22_000) },
    ]);
    expect(player.state).toMatchObject({ phase: "playing", timeUtcMs: T0 + 22_000, rate: 16 });
  });

  it("stops at the end of the period, and begins anew when it is played again", async () => {
    const channel = await playing();
    channel.say({ do: "position", at: at(60_000) });
    expect(player.state.phase).toBe("ended");
    expect(channel.sent).toEqual([{ do: "pause" }]);
    player.play();
    expect(channel.sent.slice(1)).toContainEqual({ do: "seek", at: at(0) });
    expect(player.state.phase).toBe("playing");
  });

  it("says the box's own words when the recording cannot go on, and hangs up", async () => {
    const channel = await playing();
    channel.say({ do: "error", text: "Esta gravação não existe mais." });
    expect(player.state).toMatchObject({
      phase: "failed",
      failure: { detail: "Esta gravação não existe mais." },
    });
    expect(Peer.last.close).toHaveBeenCalled();
    expect(fetched).toHaveBeenLastCalledWith(
      "http://box/session/1",
      expect.objectContaining({ method: "DELETE" }),
    );
  });

  it("does not wait for ever: neither for the first picture nor for a box that fell silent", async () => {
    void player.load("/whep", { startAtUtc: T0 });
    await settle(7000);
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "timeout" } });
    await playing();
    await settle(6000);
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "timeout" } });
  });

  it("waits as long as a person pauses", async () => {
    await playing();
    player.pause();
    await settle(600_000);
    expect(player.state.phase).toBe("paused");
  });

  it("fails at once when the box refuses, when the line is lost, and without WebRTC", async () => {
    const detail = "Não há gravação desta câmera neste horário.";
    answer(404, JSON.stringify({ title: "Not Found", status: 404, detail }));
    void player.load("/whep", { startAtUtc: T0 });
    await settle();
    expect(player.state).toMatchObject({ phase: "failed", failure: { detail } });
    answer();
    await playing();
    Peer.last.connectionState = "failed";
    Peer.last.dispatchEvent(new Event("connectionstatechange"));
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "network" } });
    vi.stubGlobal("RTCPeerConnection", undefined);
    await player.load("/whep", { startAtUtc: T0 });
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "network" } });
  });

  it("hears nothing any more of a session that it left", async () => {
    const channel = await playing();
    player.destroy();
    channel.say({ do: "position", at: at(30_000) });
    expect(player.state).toMatchObject({ phase: "idle", timeUtcMs: null });
  });
});
