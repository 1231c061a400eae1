// Plays a recording by HLS or by WebRTC, and by the other one where that fails. No React in here.
//
// WebRTC jumps at once and plays up to 16x, but brings no sound; so it is the first choice for footage
// without sound, and HLS for the rest. A person may choose otherwise. Where WebRTC was lost, HLS goes on
// from the same picture, and the first jump a minute later tries WebRTC again: a jump is a break anyway.
import { IDLE, type Playback, type PlaybackEngine, type PlayerState } from "./engine";
import { failure, type PlaybackFailure } from "./failure";
import type { LoadOptions } from "./hlsConfig";
import { HlsPlayer } from "./HlsPlayer";
import { WebRtcPlayer } from "./WebRtcPlayer";

export type EngineName = "hls" | "webrtc";

export interface VideoSource extends LoadOptions {
  /** The HLS playlist. */
  url: string;
  /** Where the box takes WebRTC offers for the same footage. */
  offerUrl?: string;
  /** Which way is tried first, where another reason than sound decides. */
  prefers?: EngineName;
  /** RFC 6381 names of what the footage holds. */
  codecs?: () => Promise<readonly string[]>;
}

export interface RecordingState extends PlayerState {
  engine: EngineName;
  /** The ways that there are. */
  engines: readonly EngineName[];
  rates: readonly number[];
  /** "here": it comes with the pictures; "hls": only by that way; null: nobody knows. */
  sound: "here" | "hls" | "none" | null;
}

/** HLS downloads every picture, which 16x would ask sixteen times as fast. */
export const RATES: Record<EngineName, readonly number[]> = {
  hls: [0.25, 0.5, 1, 2, 4],
  webrtc: [0.25, 0.5, 1, 2, 4, 8, 16],
};
const OTHER = { hls: "webrtc", webrtc: "hls" } as const;
/** Before anything is known. */
export const IDLE_RECORDING: RecordingState = {
  ...IDLE,
  engine: "hls",
  engines: [],
  rates: RATES.hls,
  sound: null,
};
const TRY_AGAIN_MS = 60_000;
const SOUND = /^(opus|mp4a|flac)/i;
const H265 = /^(hvc1|hev1)/;

export class RecordingPlayer implements Playback {
  private readonly engines: Record<EngineName, PlaybackEngine>;
  private name: EngineName = "hls";
  private source: VideoSource | null = null;
  private refused: PlaybackFailure | null = null;
  private opening = false;
  /** Whether the footage has sound, as far as the box says. */
  private recordedSound: boolean | null = null;
  /** No box sends H.265 by WebRTC. */
  private isH265 = false;
  /** Where the way that is opening was told to begin. */
  private wantedUtc: number | undefined;
  /** When each way last failed. */
  private readonly failedAt = new Map<EngineName, number>();
  private current: RecordingState;
  private turn = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    hls: PlaybackEngine = new HlsPlayer(),
    webrtc: PlaybackEngine = new WebRtcPlayer(),
    private readonly canPlay = browserPlays,
  ) {
    this.engines = { hls, webrtc };
    this.current = this.composed();
    hls.subscribe(() => this.onState("hls"));
    webrtc.subscribe(() => this.onState("webrtc"));
  }

  get state(): RecordingState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  attach(video: HTMLVideoElement): () => void {
    const detach = Object.values(this.engines).map((engine) => engine.attach(video));
    return () => {
      this.turn += 1;
      for (const letGo of detach) letGo();
    };
  }

  async load(source: VideoSource): Promise<void> {
    this.destroy();
    const turn = this.turn;
    this.source = source;
    this.failedAt.clear();
    this.opening = true;
    this.tell();
    // Without an answer it is tried: the engines say what is wrong better than this question.
    const codecs = (await source.codecs?.().catch(() => null)) ?? [];
    if (turn !== this.turn) return;
    this.opening = false;
    this.isH265 = codecs.some((codec) => H265.test(codec));
    if (!codecs.every((codec) => this.canPlay(codec))) {
      this.refused = failure(this.isH265 ? "codec" : "unplayable");
      return this.tell();
    }
    this.recordedSound = codecs.length > 0 ? codecs.some((codec) => SOUND.test(codec)) : null;
    const silent = this.recordedSound === false;
    const first = source.prefers ?? (silent ? "webrtc" : "hls");
    this.use(this.offered.includes(first) ? first : "hls", source.startAtUtc);
  }

  /** Goes on by another way, from the same picture; a person's choice. */
  choose(name: EngineName): void {
    if (name === this.name || !this.source) return;
    this.failedAt.delete(name);
    this.use(name, this.current.timeUtcMs ?? this.wantedUtc);
  }

  play(): void {
    this.engine.play();
  }

  pause(): void {
    this.engine.pause();
  }

  seekUtc(utcMs: number): void {
    const lostAt = this.failedAt.get("webrtc");
    if (this.name === "hls" && lostAt !== undefined && Date.now() - lostAt > TRY_AGAIN_MS) {
      this.use("webrtc", utcMs);
    } else {
      this.engine.seekUtc(utcMs);
    }
  }

  skip(seconds: number): void {
    if (this.current.timeUtcMs !== null) this.seekUtc(this.current.timeUtcMs + seconds * 1000);
  }

  positionUtc(): number | null {
    return this.engine.positionUtc();
  }

  step(direction: 1 | -1): void {
    this.engine.step(direction);
  }

  /** A speed that only the other way has is played by the other way. */
  setRate(rate: number): void {
    const other = OTHER[this.name];
    if (!RATES[this.name].includes(rate) && this.rates.includes(rate))
      return this.use(other, this.current.timeUtcMs ?? this.wantedUtc, rate);
    this.engine.setRate(rate);
  }

  destroy(): void {
    this.turn += 1;
    this.source = this.refused = this.recordedSound = null;
    this.opening = this.isH265 = false;
    for (const engine of Object.values(this.engines)) engine.destroy();
  }

  private get engine(): PlaybackEngine {
    return this.engines[this.name];
  }

  private use(
    name: EngineName,
    startAtUtc: number | undefined,
    wanted = this.engine.state.rate,
  ): void {
    const { source } = this;
    if (!source) return;
    const rate = Math.min(wanted, Math.max(...RATES[name]));
    this.wantedUtc = startAtUtc;
    this.engine.destroy();
    this.name = name;
    this.engine.setRate(rate);
    const url = name === "hls" ? source.url : (source.offerUrl ?? "");
    void this.engine.load(url, { ...source, startAtUtc });
  }

  private onState(name: EngineName): void {
    if (name !== this.name) return;
    const { phase, timeUtcMs } = this.engine.state;
    if (phase === "failed" && this.source) {
      const lastUtc = timeUtcMs ?? this.wantedUtc;
      this.failedAt.set(name, Date.now());
      const other = OTHER[name];
      if (this.offered.includes(other) && !this.failedAt.has(other))
        return this.use(other, lastUtc);
    }
    if (phase === "playing") this.failedAt.delete(name);
    this.tell();
  }

  private get offered(): readonly EngineName[] {
    return this.source?.offerUrl && !this.isH265 ? ["hls", "webrtc"] : ["hls"];
  }

  /** Also those of the other way, unless it was just tried in vain: H.265 does not pass by WebRTC. */
  private get rates(): readonly number[] {
    const other = OTHER[this.name];
    const further = this.offered.includes(other) && !this.failedAt.has(other);
    return further ? RATES.webrtc : RATES[this.name];
  }

  private composed(): RecordingState {
    const state = { ...this.engine.state };
    if (this.opening) state.phase = "opening";
    if (this.refused) Object.assign(state, { phase: "failed", failure: this.refused });
    return {
      ...state,
      engine: this.name,
      engines: this.offered,
      rates: this.rates,
      sound: this.sound(state),
    };
  }

  private sound({ hasSound }: PlayerState): RecordingState["sound"] {
    if (hasSound) return "here";
    if (this.recordedSound === null) return null;
    return this.recordedSound && this.name === "webrtc" ? "hls" : "none";
  }

  private tell(): void {
    this.current = this.composed();
    for (const listener of this.listeners) listener();
  }
}

function browserPlays(codec: string): boolean {
  const kind = SOUND.test(codec) ? "audio" : "video";
  return (
    typeof MediaSource === "undefined" ||
    MediaSource.isTypeSupported(`${kind}/mp4; codecs="${codec}"`)
  );
}
