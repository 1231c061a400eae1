// A live player over a WebRTC and an HLS that do as they are told, for its tests.
import { vi } from "vitest";
import type { ApiProblem } from "../api";
import type { PlayerState } from "../player/engine";
import type { HlsPlayer } from "../player/HlsPlayer";
import { LivePlayer } from "./LivePlayer";
import type { Quality } from "./whep";

export const OFFER = {
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
  constructor(readonly hasSound: () => Promise<boolean>) {}
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

export class LiveRig {
  readonly hls = new FakeHls();
  readonly sessions: FakeSession[] = [];
  readonly opened: string[] = [];
  webRtc: "works" | "blocked" | ApiProblem = "works";
  carriesSound = true;
  /** Measures of the newest session go here. */
  quality: (quality: Quality) => void = () => undefined;
  readonly player = new LivePlayer(this.hls as unknown as HlsPlayer, async (url, onQuality) => {
    this.opened.push(url);
    if (this.webRtc === "blocked") throw new Error("no picture came");
    if (this.webRtc !== "works") throw this.webRtc;
    this.quality = onQuality;
    const session = new FakeSession(() => Promise.resolve(this.carriesSound));
    this.sessions.push(session);
    return session;
  });

  start(prefer = "main"): Promise<unknown> {
    void this.player.start(() => Promise.resolve(OFFER), prefer);
    return settle();
  }

  /** A muted video that the player is attached to. */
  watched(): HTMLVideoElement {
    const video = Object.assign(new EventTarget(), { muted: true, play: async () => undefined });
    this.player.attach(video as unknown as HTMLVideoElement);
    return video as unknown as HTMLVideoElement;
  }
}

export function mute(video: HTMLVideoElement, muted: boolean): void {
  video.muted = muted;
  video.dispatchEvent(new Event("volumechange"));
}

export const settle = (ms = 1) => vi.advanceTimersByTimeAsync(ms);
