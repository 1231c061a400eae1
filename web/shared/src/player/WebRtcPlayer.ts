// Plays a box's recording by WebRTC. The box keeps the pace: seek, pause and speed are orders to it over the
// data channel `control` (edge_agent/playback/player.py), and it says where it is. No React in here.
import { hangUp, negotiate } from "../live/whep";
import { toIso } from "../time";
import { IDLE, type PlaybackEngine, type PlayerState } from "./engine";
import { failure, failureFromError, type PlaybackFailure } from "./failure";
import type { LoadOptions } from "./hlsConfig";

/** No picture after this long: whoever is between us and the box lets no UDP through. */
const FIRST_PICTURE_MS = 6000;
/** The box tells its position four times a second while it plays at full speed. */
const SILENT_MS = 5000;
const LOOK_EVERY_MS = 500;

/** What the box says. */
type Word =
  | { do: "position"; at: string }
  | { do: "gap"; from: string; to: string }
  | { do: "end" }
  | { do: "error"; text: string };

/** One connection to the box. */
interface Session {
  peer: RTCPeerConnection;
  control: RTCDataChannel;
  closing: AbortController;
}

export class WebRtcPlayer implements PlaybackEngine {
  private current: PlayerState = IDLE;
  private video: HTMLVideoElement | null = null;
  private session: Session | null = null;
  private heardAt = 0;
  /** What the box said last of where it is, and when; null between a jump and its picture. */
  private told: { utcMs: number; atMs: number } | null = null;
  private periodUtc: readonly [number, number] | null = null;
  /** How much later it is by the box's clock, which stamps the recordings. */
  private boxAheadMs = 0;
  private readonly listeners = new Set<() => void>();

  get state(): PlayerState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  attach(video: HTMLVideoElement): () => void {
    this.video = video;
    return () => {
      this.destroy();
      this.video = null;
    };
  }

  /** `url` takes offers; `startAtUtc` and `periodUtc` are needed. */
  async load(url: string, { startAtUtc = 0, periodUtc }: LoadOptions): Promise<void> {
    this.release();
    this.periodUtc = periodUtc ?? null;
    this.set({ ...IDLE, phase: "opening", rate: this.current.rate });
    const session = opened();
    if (!session) return this.fail(failure("network"));
    this.session = session;
    const { peer, control, closing } = session;
    peer.addEventListener("track", ({ streams, track }) => this.show(streams[0], track));
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "failed") this.lose(session, failure("network"));
    });
    control.addEventListener("open", () => this.order({ do: "speed", rate: this.current.rate }));
    control.addEventListener("message", ({ data }) => this.hear(session, parsed(data)));
    control.addEventListener("close", () => this.lose(session, failure("network")));
    this.heardAt = Date.now();
    const looking = setInterval(() => this.look(session), LOOK_EVERY_MS);
    closing.signal.addEventListener("abort", () => clearInterval(looking));
    try {
      const at = `${url}?${new URLSearchParams({ start: toIso(startAtUtc) })}`;
      await negotiate(peer, at, closing.signal, (location, boxUtcMs) => {
        this.boxAheadMs = boxUtcMs - Date.now();
        if (closing.signal.aborted) hangUp(location);
        else closing.signal.addEventListener("abort", () => hangUp(location));
      });
      this.heardAt = Date.now();
    } catch (error) {
      this.lose(session, failureFromError(error));
    }
  }

  play(): void {
    const { phase, rangeUtcMs } = this.current;
    if (phase === "ended" && rangeUtcMs) this.seekUtc(rangeUtcMs[0]);
    this.order({ do: "play" });
    this.moveTo("playing");
  }

  pause(): void {
    this.order({ do: "pause" });
    this.moveTo("paused");
  }

  seekUtc(utcMs: number): void {
    if (!this.isOpen) return;
    this.order({ do: "seek", at: toIso(utcMs) });
    this.told = null;
    // Shown at once; what the box then says corrects it.
    this.set({ ...this.current, timeUtcMs: utcMs });
    if (this.current.phase === "ended") {
      this.order({ do: "play" });
      this.moveTo("playing");
    }
  }

  skip(seconds: number): void {
    if (this.current.timeUtcMs !== null) this.seekUtc(this.current.timeUtcMs + seconds * 1000);
  }

  positionUtc(): number | null {
    const { told } = this;
    const { phase, rate } = this.current;
    if (!told) return null;
    return phase === "playing" ? told.utcMs + (performance.now() - told.atMs) * rate : told.utcMs;
  }

  step(direction: 1 | -1): void {
    this.order({ do: "step", frames: direction });
    this.told = null;
    this.moveTo("paused");
  }

  setRate(rate: number): void {
    this.mark();
    this.order({ do: "speed", rate });
    this.set({ ...this.current, rate });
  }

  destroy(): void {
    this.release();
    this.set({ ...IDLE, rate: this.current.rate });
  }

  private get isOpen(): boolean {
    return this.session?.control.readyState === "open";
  }

  private show(stream: MediaStream | undefined, track: MediaStreamTrack): void {
    if (!this.video) return;
    this.video.playbackRate = 1;
    this.video.srcObject = stream ?? new MediaStream([track]);
    // Refused when the browser wants a click first: muted video needs none.
    this.video.play().catch(() => null);
    this.set({ ...this.current, phase: "buffering" });
  }

  private hear(session: Session, word: Word | null): void {
    if (session !== this.session || !word) return;
    this.heardAt = Date.now();
    switch (word.do) {
      case "position":
        return this.arrive(Date.parse(word.at));
      case "end":
        return this.moveTo("ended");
      case "error":
        return this.lose(session, failure("unplayable", word.text));
    }
  }

  private arrive(timeUtcMs: number): void {
    const { phase } = this.current;
    this.told = { utcMs: timeUtcMs, atMs: performance.now() };
    const rangeUtcMs = this.playable(timeUtcMs);
    const now = phase === "buffering" ? "playing" : phase;
    this.set({ ...this.current, timeUtcMs, rangeUtcMs, phase: now });
    const isOver = this.periodUtc !== null && timeUtcMs >= this.periodUtc[1];
    if (isOver && phase !== "paused" && phase !== "ended") {
      this.order({ do: "pause" });
      this.moveTo("ended");
    }
  }

  /** Of the period, what has happened already. */
  private playable(timeUtcMs: number): readonly [number, number] | null {
    if (!this.periodUtc) return null;
    const [start, end] = this.periodUtc;
    return [start, Math.max(timeUtcMs, Math.min(end, Date.now() + this.boxAheadMs))];
  }

  private look(session: Session): void {
    const { phase, rate } = this.current;
    const isWaiting = phase === "opening" || phase === "buffering";
    const patience = isWaiting ? FIRST_PICTURE_MS : SILENT_MS * Math.max(1, 1 / rate);
    // A hidden page's timers are slowed down, and nobody looks.
    if (document.visibilityState === "hidden" || !(isWaiting || phase === "playing"))
      this.heardAt = Date.now();
    if (Date.now() - this.heardAt > patience) this.lose(session, failure("timeout"));
  }

  private lose(session: Session, why: PlaybackFailure): void {
    if (session !== this.session) return;
    this.release();
    this.fail(why);
  }

  private fail(why: PlaybackFailure): void {
    this.set({ ...this.current, phase: "failed", failure: why });
  }

  /** From now on the picture moves on at another pace. */
  private mark(): void {
    const utcMs = this.positionUtc();
    if (utcMs !== null) this.told = { utcMs, atMs: performance.now() };
  }

  private order(order: Record<string, unknown>): void {
    if (this.isOpen) this.session?.control.send(JSON.stringify(order));
  }

  private moveTo(phase: "playing" | "paused" | "ended"): void {
    const { phase: now } = this.current;
    if (now === "idle" || now === "opening" || now === "failed") return;
    this.heardAt = Date.now();
    this.mark();
    this.set({ ...this.current, phase });
  }

  private release(): void {
    const { session } = this;
    this.session = this.told = null;
    session?.closing.abort();
    session?.peer.close();
    if (session && this.video) this.video.srcObject = null;
  }

  private set(state: PlayerState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

/** Null in a browser where WebRTC is switched off. */
function opened(): Session | null {
  try {
    const peer = new RTCPeerConnection();
    peer.addTransceiver("video", { direction: "recvonly" });
    return { peer, control: peer.createDataChannel("control"), closing: new AbortController() };
  } catch {
    return null;
  }
}

function parsed(data: unknown): Word | null {
  try {
    return JSON.parse(String(data)) as Word;
  } catch {
    return null;
  }
}
