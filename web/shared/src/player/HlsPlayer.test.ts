// The player on a <video> without decoder, with a stand-in for the hls.js library.
import type Hls from "hls.js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { HlsPlayer } from "./HlsPlayer";

const T0 = Date.parse("2026-11-24T02:00:00Z");
const FRAGMENTS = [0, 1, 2, 3, 4].map((n) => ({
  start: n * 2,
  duration: 2,
  programDateTime: T0 + n * 2000,
}));

type Handler = (event: string, data: unknown) => void;

class StandIn {
  static made: StandIn[] = [];
  static isSupported = () => true;
  static Events = {
    LEVEL_LOADED: "loaded",
    LEVEL_UPDATED: "updated",
    LEVEL_SWITCHED: "switched",
    FRAG_LOADED: "fragment",
    BUFFER_CODECS: "codecs",
    ERROR: "error",
  };

  handlers = new Map<string, Handler>();
  startLoad = vi.fn();
  loadSource = vi.fn();
  attachMedia = vi.fn();
  recoverMediaError = vi.fn();
  destroy = vi.fn();

  constructor(readonly config: { xhrSetup?: (xhr: XMLHttpRequest, url: string) => void }) {
    StandIn.made.push(this);
  }

  on(event: string, handler: Handler) {
    this.handlers.set(event, handler);
  }

  tell(event: string, data: unknown) {
    this.handlers.get(event)?.(event, data);
  }

  static get last(): StandIn {
    const last = StandIn.made.at(-1);
    if (!last) throw new Error("no player was made");
    return last;
  }
}

const library = () => Promise.resolve(StandIn as unknown as typeof Hls);

function setUp() {
  const video = document.createElement("video");
  const play = vi.spyOn(video, "play").mockResolvedValue(undefined);
  const player = new HlsPlayer(library);
  const detach = player.attach(video);
  const emit = (name: string) => video.dispatchEvent(new Event(name));
  return { video, play, player, detach, emit };
}

async function playing(options = {}) {
  const parts = setUp();
  await parts.player.load("/playlist.m3u8", options);
  StandIn.last.tell("loaded", { details: { fragments: FRAGMENTS } });
  parts.emit("playing");
  return parts;
}

beforeEach(() => {
  StandIn.made = [];
});

describe("opening a recording", () => {
  it("waits for the playlist, then starts at the asked moment", async () => {
    const { player, play } = setUp();
    await player.load("/playlist.m3u8", { startAtUtc: T0 + 5000 });
    expect(player.state.phase).toBe("opening");
    StandIn.last.tell("loaded", { details: { fragments: FRAGMENTS } });
    expect(StandIn.last.startLoad).toHaveBeenCalledExactlyOnceWith(5);
    expect(play).toHaveBeenCalledOnce();
    expect(player.state).toMatchObject({ phase: "buffering", rangeUtcMs: [T0, T0 + 10_000] });
  });

  it("starts at the beginning when no moment is asked for", async () => {
    await playing();
    expect(StandIn.last.startLoad).toHaveBeenCalledExactlyOnceWith(0);
  });

  it("does not jump when a growing recording gets new fragments", async () => {
    const { player } = await playing({ startAtUtc: T0 });
    const grown = [...FRAGMENTS, { start: 10, duration: 2, programDateTime: T0 + 10_000 }];
    StandIn.last.tell("updated", { details: { fragments: grown } });
    expect(StandIn.last.startLoad).toHaveBeenCalledOnce();
    expect(player.state).toMatchObject({ phase: "playing", rangeUtcMs: [T0, T0 + 12_000] });
  });
});

it("a live camera is left to start at its newest picture", async () => {
  await playing({ live: true });
  expect(StandIn.last.startLoad).not.toHaveBeenCalled();
});

describe("while playing", () => {
  it("tells the wall clock of the picture", async () => {
    const { player, video, emit } = await playing();
    const heard = vi.fn();
    player.subscribe(heard);
    video.currentTime = 3.5;
    emit("timeupdate");
    expect(player.state.timeUtcMs).toBe(T0 + 3500);
    expect(heard).toHaveBeenCalled();
  });

  it("skips and seeks on the wall clock", async () => {
    const { player, video, emit } = await playing();
    video.currentTime = 6;
    emit("timeupdate");
    player.skip(-4);
    expect(video.currentTime).toBe(2);
    player.seekUtc(T0 + 7000);
    expect(video.currentTime).toBe(7);
  });

  it("keeps the speed for the next recording", async () => {
    const { player, video } = await playing();
    player.setRate(2);
    expect(video.playbackRate).toBe(2);
    await player.load("/other.m3u8");
    expect(player.state.rate).toBe(2);
  });

  it("follows the video through waiting, pause and end", async () => {
    const { player, video, emit } = await playing();
    emit("waiting");
    expect(player.state.phase).toBe("buffering");
    emit("pause");
    expect(player.state.phase).toBe("paused");
    vi.spyOn(video, "ended", "get").mockReturnValue(true);
    emit("ended");
    expect(player.state.phase).toBe("ended");
  });

  it("waits for the play button when the browser refuses to start by itself", async () => {
    const { player, play } = setUp();
    play.mockRejectedValue(new DOMException("a click is needed", "NotAllowedError"));
    await player.load("/playlist.m3u8");
    StandIn.last.tell("loaded", { details: { fragments: FRAGMENTS } });
    await vi.waitFor(() => expect(player.state.phase).toBe("paused"));
  });
});

describe("when something goes wrong", () => {
  const refused = (code: number) => ({
    type: "networkError",
    details: "manifestLoadError",
    fatal: true,
    response: { code },
  });

  it("says why and lets go of the stream", async () => {
    const { player } = setUp();
    await player.load("/playlist.m3u8");
    const hls = StandIn.last;
    hls.tell("error", refused(503));
    expect(player.state).toMatchObject({ phase: "failed", failure: { kind: "box-offline" } });
    expect(hls.destroy).toHaveBeenCalledOnce();
  });

  it("knows a slow box from one that is away", async () => {
    const { player } = setUp();
    await player.load("/playlist.m3u8");
    StandIn.last.tell("error", { ...refused(0), details: "manifestLoadTimeOut" });
    expect(player.state.failure?.kind).toBe("timeout");
  });

  it("takes an empty playlist as a time without recording", async () => {
    const { player } = setUp();
    await player.load("/playlist.m3u8");
    StandIn.last.tell("error", {
      type: "networkError",
      details: "levelEmptyError",
      fatal: false,
    });
    expect(player.state.failure?.kind).toBe("no-footage");
  });

  it("recovers from a broken picture once, and gives up the second time", async () => {
    const { player } = await playing();
    const broken = { type: "mediaError", details: "bufferAppendError", fatal: true };
    StandIn.last.tell("error", broken);
    expect(StandIn.last.recoverMediaError).toHaveBeenCalledOnce();
    expect(player.state.phase).toBe("playing");
    StandIn.last.tell("error", broken);
    expect(player.state.failure?.kind).toBe("unplayable");
  });

  it("ignores what the library mends by itself", async () => {
    const { player } = await playing();
    StandIn.last.tell("error", { type: "networkError", details: "fragLoadError", fatal: false });
    expect(player.state.phase).toBe("playing");
  });

  it("plays again after a new load", async () => {
    const { player } = setUp();
    await player.load("/playlist.m3u8");
    StandIn.last.tell("error", refused(504));
    await player.load("/playlist.m3u8");
    expect(player.state).toMatchObject({ phase: "opening", failure: null });
  });
});

describe("when the page goes on", () => {
  it("an abandoned load makes no stream", async () => {
    const { player } = setUp();
    const loading = player.load("/first.m3u8");
    player.destroy();
    await loading;
    expect(StandIn.made).toHaveLength(0);
    expect(player.state.phase).toBe("idle");
  });

  it("a second load replaces the first", async () => {
    const { player } = await playing();
    const first = StandIn.last;
    await player.load("/second.m3u8");
    expect(first.destroy).toHaveBeenCalledOnce();
    expect(StandIn.last.loadSource).toHaveBeenCalledExactlyOnceWith("/second.m3u8");
  });

  it("detaching ends the stream, and the video's events mean nothing any more", async () => {
    const { player, detach, emit } = await playing();
    const hls = StandIn.last;
    detach();
    emit("playing");
    expect(hls.destroy).toHaveBeenCalledOnce();
    expect(player.state.phase).toBe("idle");
  });

  it("knows the bit rate of what it loads now, and forgets it with the source", async () => {
    const { player } = await playing();
    StandIn.last.tell("fragment", { frag: { duration: 2, stats: { total: 100_000 } } });
    expect(player.bitrateBps).toBe(400_000);
    const part = { duration: 0.5, stats: { total: 50_000 } };
    StandIn.last.tell("fragment", { frag: { duration: 2, stats: { total: 0 } }, part });
    expect(player.bitrateBps).toBe(800_000);
    player.destroy();
    expect(player.bitrateBps).toBe(0);
  });
});
