// A camera live: WebRTC when it works, HLS when it does not, and back again, by itself. No React in here.
//
//   opening → webrtc ⇄ hls
//      └────────┴───────┴→ waiting → opening …   (nothing works: the reason is shown, and it is tried again)
import { failure, failureFromError, type PlaybackFailure } from "../player/failure";
import { HlsPlayer } from "../player/HlsPlayer";
import { ApiProblem } from "../api";
import { chosenVariant, type LiveOffer, Unplayable, type Variant } from "./offer";
import { type Quality, WhepSession } from "./whep";

export interface LiveState {
  phase: "opening" | "webrtc" | "hls" | "waiting";
  /** Of WebRTC; HLS is not measured but by its clock. */
  quality: Quality | null;
  /** Wall clock of the picture, by the box's clock, UTC; known by HLS only. */
  timeUtcMs: number | null;
  variant: string | null;
  /** The variants that the box offers, by name. */
  variants: readonly string[];
  failure: PlaybackFailure | null;
}

export const OPENING: LiveState = {
  phase: "opening",
  quality: null,
  timeUtcMs: null,
  variant: null,
  variants: [],
  failure: null,
};

/** While HLS plays, WebRTC is tried again this often. */
const TRY_WEBRTC_EVERY_MS = 20_000;
const WAIT_MS = 3000;
const HLS_FIRST_PICTURE_MS = 12_000;
/** A picture that stands still for this long is no live picture: the box is asked anew. */
const HLS_STALLED_MS = 10_000;

type Session = Pick<WhepSession, "stream" | "ended" | "close">;
type OpenWhep = (url: string, onQuality: (quality: Quality) => void) => Promise<Session>;

/** The box no longer takes what it offered: the key is too old, or the person or camera is gone. */
class OfferOver extends Error {
  constructor(readonly failure: PlaybackFailure) {
    super(failure.title);
  }
}

export class LivePlayer {
  private current = OPENING;
  private video: HTMLVideoElement | null = null;
  private session: Session | null = null;
  private variants: readonly string[] = [];
  private stopped = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly hls = new HlsPlayer(),
    private readonly openWhep: OpenWhep = (url, onQuality) => WhepSession.open(url, onQuality),
  ) {
    hls.subscribe(() => this.onHls());
  }

  get state(): LiveState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes over a <video>; the returned function lets go of it. */
  attach(video: HTMLVideoElement): () => void {
    this.video = video;
    const detachHls = this.hls.attach(video);
    return () => {
      this.stop();
      detachHls();
      this.video = null;
    };
  }

  /** Plays until `stop()`. `ask` gets the box's offer, `prefer` names the variant wanted. */
  async start(ask: () => Promise<LiveOffer>, prefer: string): Promise<void> {
    this.stop();
    const { signal } = (this.stopped = new AbortController());
    this.set(OPENING);
    while (!signal.aborted) {
      let offeredAt = Infinity;
      try {
        const offer = await ask();
        this.variants = offer.qualities.map(({ name }) => name);
        const variant = chosenVariant(offer, prefer);
        offeredAt = Date.now();
        if (!signal.aborted) await this.play(variant, signal);
      } catch (error) {
        if (error instanceof OfferOver && Date.now() - offeredAt > WAIT_MS) {
          // Its key died of age while WebRTC played and did not use it: no news for the person.
          if (!signal.aborted) this.set(OPENING);
          continue;
        }
        if (!signal.aborted) this.wait(reasonOf(error));
      }
      await pause(WAIT_MS, signal);
    }
  }

  stop(): void {
    this.stopped.abort();
    this.hangUp();
    this.hls.destroy();
  }

  /** Returns when neither way works. */
  private async play(variant: Variant, signal: AbortSignal): Promise<void> {
    let session = await this.tryWebRtc(variant, signal);
    while (!signal.aborted) {
      if (session) {
        this.show(session, variant);
        await session.ended();
        this.hangUp();
        if (signal.aborted) return;
      }
      session = await this.playHls(variant, signal);
      if (!session) return;
    }
  }

  /** A session with a picture, or null where WebRTC does not get through. */
  private async tryWebRtc(variant: Variant, signal: AbortSignal): Promise<Session | null> {
    try {
      const session = await this.openWhep(variant.whep_url, (quality) => this.tell(quality));
      if (!signal.aborted) return session;
      session.close();
    } catch (error) {
      // What is over `start` asks for anew; anything else HLS may still play.
      if (error instanceof ApiProblem && [401, 403, 404].includes(error.status))
        throw new OfferOver(failureFromError(error));
    }
    return null;
  }

  private show(session: Session, variant: Variant): void {
    this.hls.destroy();
    this.session = session;
    if (this.video) {
      this.video.srcObject = session.stream;
      // Refused when the browser wants a click first: muted video needs none.
      this.video.play().catch(() => null);
    }
    this.set({ ...OPENING, phase: "webrtc", variant: variant.name });
  }

  /** Plays by HLS until WebRTC works again (then its session), or HLS fails too (then null). */
  private async playHls(variant: Variant, signal: AbortSignal): Promise<Session | null> {
    await this.hls.load(variant.hls_url, { live: true });
    const patience = new Patience();
    let tryAt = Date.now() + TRY_WEBRTC_EVERY_MS;
    while (!signal.aborted) {
      await pause(200, signal);
      const { phase, failure: why, timeUtcMs } = this.hls.state;
      if (phase === "failed" || phase === "ended") return this.hlsFailed(why);
      if (patience.isOver(timeUtcMs)) return this.hlsFailed(failure("timeout"));
      if (timeUtcMs !== null) this.showHls(variant);
      if (Date.now() < tryAt) continue;
      const session = await this.tryWebRtc(variant, signal);
      if (session) return session;
      tryAt = Date.now() + TRY_WEBRTC_EVERY_MS;
    }
    return null;
  }

  private showHls(variant: Variant): void {
    if (this.current.phase === "hls") return;
    this.set({ ...OPENING, phase: "hls", variant: variant.name });
    this.onHls();
  }

  private hlsFailed(why: PlaybackFailure | null): null {
    this.hls.destroy();
    if (why?.kind === "session-ended") throw new OfferOver(why);
    this.wait(why ?? failure("network"));
    return null;
  }

  private onHls(): void {
    const { timeUtcMs } = this.hls.state;
    if (this.current.phase === "hls") this.set({ ...this.current, timeUtcMs });
  }

  private tell(quality: Quality): void {
    if (this.current.phase === "webrtc") this.set({ ...this.current, quality });
  }

  private wait(why: PlaybackFailure): void {
    this.set({ ...OPENING, phase: "waiting", failure: why });
  }

  private hangUp(): void {
    this.session?.close();
    this.session = null;
    if (this.video?.srcObject) this.video.srcObject = null;
  }

  private set(state: LiveState): void {
    this.current = { ...state, variants: this.variants };
    for (const listener of this.listeners) listener();
  }
}

function reasonOf(error: unknown): PlaybackFailure {
  return error instanceof Unplayable || error instanceof OfferOver
    ? error.failure
    : failureFromError(error);
}

/** How long HLS may show nothing new. A hidden page is shown nothing, and nobody misses it. */
class Patience {
  private endsAt = Date.now() + HLS_FIRST_PICTURE_MS;
  private shownUtcMs: number | null = null;

  isOver(timeUtcMs: number | null): boolean {
    if (timeUtcMs !== this.shownUtcMs || (timeUtcMs !== null && isHidden()))
      this.endsAt = Date.now() + HLS_STALLED_MS;
    this.shownUtcMs = timeUtcMs;
    return Date.now() > this.endsAt;
  }
}

const isHidden = () => document.visibilityState === "hidden";

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
