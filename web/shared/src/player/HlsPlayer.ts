// Plays HLS in a <video>: one source at a time, the wall clock of every picture. No React in here.
//
// `opening` lasts until the playlist is there (the box may have to dial in), `buffering` until there is a picture.
import type Hls from "hls.js";
import type { ErrorData, Events, HlsConfig, LevelDetails } from "hls.js";
import { IDLE, type Phase, type PlaybackEngine, type PlayerState } from "./engine";
import { FrameStepper } from "./FrameStepper";
import { failure, failureFromResponse, type PlaybackFailure } from "./failure";
import { hlsConfig, type LoadOptions } from "./hlsConfig";
import { positionAt, utcAt, utcRange } from "./wallClock";

type HlsClass = {
  new (config?: Partial<HlsConfig>): Hls;
  isSupported(): boolean;
  Events: typeof Events;
};

// Not hls.js/light: MediaMTX sends sound as a rendition of its own, which the light build does not play.
const loadHlsJs = async (): Promise<HlsClass> => (await import("hls.js")).default;

/** Fetches the library while it is not yet known what is played; a failure is told when it is needed. */
export function fetchHlsCode(): void {
  loadHlsJs().catch(() => undefined);
}

export class HlsPlayer implements PlaybackEngine {
  private current = IDLE;
  private video: HTMLVideoElement | null = null;
  private stepper: FrameStepper | null = null;
  private hls: Hls | null = null;
  private details: LevelDetails | null = null;
  private loadedBps = 0;
  private started = false;
  private mediaRecovered = false;
  /** Counts loads, so that what an abandoned one still delivers is ignored. */
  private turn = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly loadHls: () => Promise<HlsClass> = loadHlsJs) {}

  get state(): PlayerState {
    return this.current;
  }

  /** Of the stream that is loaded just now; 0 while it is not known. */
  get bitrateBps(): number {
    return this.loadedBps;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes over a <video>; the returned function lets go of it. */
  attach(video: HTMLVideoElement): () => void {
    this.video = video;
    this.stepper = new FrameStepper(video);
    const handlers: Partial<Record<keyof HTMLMediaElementEventMap, () => void>> = {
      playing: () => this.moveTo("playing"),
      waiting: () => this.moveTo("buffering"),
      pause: () => this.moveTo(video.ended ? "ended" : "paused"),
      ended: () => this.moveTo("ended"),
      timeupdate: () => this.tellTime(),
      seeked: () => this.tellTime(),
      loadeddata: () => this.tellTime(),
    };
    const names = Object.keys(handlers) as (keyof typeof handlers)[];
    for (const name of names) video.addEventListener(name, handlers[name] as () => void);
    return () => {
      for (const name of names) video.removeEventListener(name, handlers[name] as () => void);
      this.destroy();
      this.stepper?.stop();
      this.video = this.stepper = null;
    };
  }

  async load(url: string, options: LoadOptions = {}): Promise<void> {
    this.release();
    const turn = this.turn;
    this.set({ ...IDLE, phase: "opening", rate: this.current.rate });
    const HlsLight = await this.loadHls().catch(() => null);
    if (turn !== this.turn || !this.video) return;
    if (!HlsLight) return this.fail(failure("network"));
    if (!HlsLight.isSupported()) return this.fail(failure("unplayable"));

    const hls = new HlsLight(hlsConfig(options));
    this.hls = hls;
    const { LEVEL_LOADED, LEVEL_UPDATED, FRAG_LOADED, BUFFER_CODECS, ERROR } = HlsLight.Events;
    hls.on(LEVEL_LOADED, (_, { details }) => this.onPlaylist(details, options));
    hls.on(LEVEL_UPDATED, (_, { details }) => this.onPlaylist(details, options));
    hls.on(FRAG_LOADED, (_, { frag, part }) => {
      const { stats, duration } = part ?? frag;
      if (duration > 0 && stats.total > 0) this.loadedBps = (stats.total * 8) / duration;
    });
    hls.on(BUFFER_CODECS, (_, { audio, audiovideo }) =>
      this.set({ ...this.current, hasSound: Boolean(audio ?? audiovideo) }),
    );
    hls.on(ERROR, (_, data) => this.onError(data));
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  play(): void {
    if (!this.video) return;
    this.video.playbackRate = this.current.rate;
    // Refused when the browser wants a click first: then the play button is what it waits for.
    this.video.play().catch(() => this.moveTo("paused"));
  }

  pause(): void {
    this.video?.pause();
  }

  /** Goes to an instant; in a gap, to the next picture there is. */
  seekUtc(utcMs: number): void {
    const position = positionAt(this.fragments, utcMs);
    if (!this.video || position === null) return;
    this.video.currentTime = position;
    if (this.current.phase === "ended") this.play();
    this.tellTime();
  }

  skip(seconds: number): void {
    if (this.current.timeUtcMs !== null) this.seekUtc(this.current.timeUtcMs + seconds * 1000);
  }

  positionUtc(): number | null {
    const { video } = this;
    const isThere = video && !video.seeking && video.readyState >= video.HAVE_CURRENT_DATA;
    return isThere && this.started ? utcAt(this.fragments, video.currentTime) : null;
  }

  step(direction: 1 | -1): void {
    void this.stepper?.step(direction);
  }

  setRate(rate: number): void {
    if (this.video) this.video.playbackRate = rate;
    this.set({ ...this.current, rate });
  }

  /** Back to idle; the <video> stays attached and may load again. */
  destroy(): void {
    this.release();
    this.set({ ...IDLE, rate: this.current.rate });
  }

  private get fragments() {
    return this.details?.fragments ?? [];
  }

  private onPlaylist(details: LevelDetails, { startAtUtc, live }: LoadOptions): void {
    this.details = details;
    const rangeUtcMs = utcRange(this.fragments);
    if (this.started) return this.set({ ...this.current, rangeUtcMs });
    this.started = true;
    if (!live) this.hls?.startLoad(this.startPosition(startAtUtc));
    this.set({ ...this.current, rangeUtcMs, phase: "buffering" });
    this.play();
  }

  private startPosition(startAtUtc: number | undefined): number {
    const first = this.fragments[0]?.start ?? 0;
    return startAtUtc === undefined ? first : (positionAt(this.fragments, startAtUtc) ?? first);
  }

  private onError(data: ErrorData): void {
    // The names are those of hls.js's ErrorDetails and ErrorTypes, which live in the lazily loaded chunk.
    if (data.details === "levelEmptyError" && !this.started)
      return this.fail(failure("no-footage"));
    if (!data.fatal) return;
    if (data.type === "mediaError" && !this.mediaRecovered && !isAboutCodec(data)) {
      this.mediaRecovered = true;
      this.hls?.recoverMediaError();
      return;
    }
    this.fail(failureOf(data));
  }

  private moveTo(phase: Phase): void {
    const { phase: now } = this.current;
    // Events of the <video> mean nothing while no source plays in it.
    if (now === "idle" || now === "opening" || now === "failed" || now === phase) return;
    this.set({ ...this.current, phase });
  }

  private tellTime(): void {
    const timeUtcMs = this.video && utcAt(this.fragments, this.video.currentTime);
    if (timeUtcMs !== null) this.set({ ...this.current, timeUtcMs });
  }

  private fail(why: PlaybackFailure): void {
    this.release();
    this.set({ ...this.current, phase: "failed", failure: why });
  }

  private release(): void {
    this.turn += 1;
    this.hls?.destroy();
    this.hls = null;
    this.details = null;
    this.loadedBps = 0;
    this.started = false;
    this.mediaRecovered = false;
  }

  private set(state: PlayerState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}

/** The browser has no decoder for what the initialisation section, or the playlist, names. */
const CODEC_ERRORS = [
  "bufferAddCodecError",
  "bufferIncompatibleCodecsError",
  "manifestIncompatibleCodecsError",
];

const isAboutCodec = ({ details }: ErrorData): boolean => CODEC_ERRORS.includes(details);

function failureOf(data: ErrorData): PlaybackFailure {
  if (isAboutCodec(data))
    return failure(/hvc1|hev1/.test(data.mimeType ?? "") ? "codec" : "unplayable");
  if (data.details.endsWith("TimeOut")) return failure("timeout");
  if (data.type !== "networkError") return failure("unplayable");
  return failureFromResponse(data.response?.code ?? 0, responseText(data.networkDetails));
}

/** The body of the refused request; media requests hold theirs as bytes. */
function responseText(request: unknown): string | null {
  const body: unknown = request instanceof XMLHttpRequest ? request.response : null;
  if (body instanceof ArrayBuffer) return new TextDecoder().decode(body);
  return typeof body === "string" ? body : null;
}
