// A camera live: WebRTC when it works, HLS when it does not, and back again, by itself. No React in here.
// Where nobody chose a stream, WebRTC shows the small one while the line is bad (adaptation.ts).
// Sound that WebRTC does not carry (AAC) is heard by HLS, for as long as somebody wants to hear it.
//
//   opening → webrtc ⇄ hls
//      └────────┴───────┴→ waiting → opening …   (nothing works: the reason is shown, and it is tried again)
import { failureFromError, type PlaybackFailure } from "../player/failure";
import { HlsPlayer } from "../player/HlsPlayer";
import { ApiProblem } from "../api";
import { type Adaptation, begin, changed, judge, notHad } from "./adaptation";
import { TRY_AGAIN_AFTER_MS, tryAgainAfter } from "./again";
import { HlsTurn } from "./HlsTurn";
import {
  AUTOMATIC,
  chosenVariant,
  type IceServer,
  type LiveOffer,
  OfferOver,
  reasonOf,
  smallerVariant,
  type Variant,
} from "./offer";
import { isHidden } from "./Patience";
import { pause } from "./pause";
import { type Quality, WhepSession } from "./whep";

export interface LiveState {
  phase: "opening" | "webrtc" | "hls" | "waiting";
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

const WAIT_MS = 3000;

type Session = Pick<WhepSession, "stream" | "hasSound" | "ended" | "close">;
type OpenWhep = (
  url: string,
  onQuality: (quality: Quality) => void,
  iceServers?: readonly IceServer[],
) => Promise<Session>;

type Ask = () => Promise<LiveOffer>;

export class LivePlayer {
  private current = OPENING;
  private video: HTMLVideoElement | null = null;
  private session: Session | null = null;
  private variants: readonly string[] = [];
  /** Null where a person chose the stream, or there is only one. */
  private adaptation: Adaptation | null = null;
  private tryAgainMs = TRY_AGAIN_AFTER_MS;
  /** Called where the session that is shown may no longer be the right one. */
  private reconsider: () => void = () => undefined;
  private stopped = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly hls = new HlsPlayer(),
    private readonly openWhep: OpenWhep = (...asked) => WhepSession.open(...asked),
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
    const onMute = () => this.reconsider();
    video.addEventListener("volumechange", onMute);
    return () => {
      this.stop();
      video.removeEventListener("volumechange", onMute);
      detachHls();
      this.video = null;
    };
  }

  /** Plays until `stop()`. `ask` gets the box's offer, `prefer` names the variant wanted. */
  async start(ask: Ask, prefer: string): Promise<void> {
    this.stop();
    const { signal } = (this.stopped = new AbortController());
    this.adaptation = null;
    this.tryAgainMs = TRY_AGAIN_AFTER_MS;
    this.set(OPENING);
    while (!signal.aborted) {
      let offeredAt = Infinity;
      try {
        const offer = await ask();
        this.variants = offer.qualities.map(({ name }) => name);
        const variant = chosenVariant(offer, prefer);
        offeredAt = Date.now();
        this.adaptation = this.adaptationTo(offer, prefer);
        if (!signal.aborted) await this.play(variant, ask, signal);
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

  private adaptationTo(offer: LiveOffer, prefer: string): Adaptation | null {
    const adapts = prefer === AUTOMATIC && smallerVariant(offer) !== null;
    return adapts ? (this.adaptation ?? begin(Date.now())) : null;
  }

  /** Returns when neither way works. */
  private async play(chosen: Variant, ask: Ask, signal: AbortSignal): Promise<void> {
    let session = await this.tryWebRtc(chosen, signal);
    while (!signal.aborted) {
      let silent = false;
      if (session) {
        const since = Date.now();
        silent = await this.watch(session, chosen, ask, signal);
        if (!silent) this.tryAgainMs = tryAgainAfter(Date.now() - since, this.tryAgainMs);
        this.hangUp();
        if (signal.aborted) return;
        this.set(OPENING);
      }
      session = await this.playHls(chosen, silent, signal);
      if (!session) return;
    }
  }

  /** By WebRTC, in the size that the line takes, until it is lost or (then true) lacks the sound wanted. */
  private async watch(first: Session, chosen: Variant, ask: Ask, signal: AbortSignal) {
    if (this.adaptation) this.adaptation = changed(this.adaptation, "large", Date.now());
    let shown = { session: first, size: "large", over: first.ended() };
    this.show(first, chosen);
    while (!signal.aborted) {
      const other = new Promise<true>((resolve) => (this.reconsider = () => resolve(true)));
      if (await this.lacksSound(shown.session)) return true;
      if (!(await Promise.race([other, shown.over]))) return false;
      const size = this.adaptation?.size ?? shown.size;
      if (size === shown.size) continue;
      const opened = await this.opened(ask, chosen, signal);
      if (opened) {
        shown = { session: opened.session, size, over: opened.session.ended() };
        this.show(opened.session, opened.variant);
      } else if (this.adaptation) {
        this.adaptation = notHad(this.adaptation, Date.now());
      }
    }
    return false;
  }

  /** The stream of the size that is wanted now, with a picture; null where it cannot be had. */
  private async opened(ask: Ask, chosen: Variant, signal: AbortSignal) {
    try {
      // The key that came with the first offer may be old.
      const offer = await ask();
      const small = this.adaptation?.size === "small" ? smallerVariant(offer) : null;
      const variant = small ?? chosenVariant(offer, chosen.name);
      const session = await this.tryWebRtc(variant, signal);
      return session && { session, variant };
    } catch {
      return null;
    }
  }

  /** A session with a picture, or null where WebRTC does not get through. */
  private async tryWebRtc(variant: Variant, signal: AbortSignal): Promise<Session | null> {
    try {
      const tell = (quality: Quality) => this.tell(variant.name, quality);
      const session = await this.openWhep(variant.whep_url, tell, variant.ice_servers);
      if (!signal.aborted) return session;
      session.close();
    } catch (error) {
      // What is over `start` asks for anew; anything else HLS may still play.
      if (error instanceof ApiProblem && [401, 403, 404, 410].includes(error.status))
        throw new OfferOver(failureFromError(error));
    }
    return null;
  }

  private show(session: Session, variant: Variant): void {
    this.hls.destroy();
    const before = this.session;
    this.session = session;
    before?.close();
    if (this.video) {
      this.video.srcObject = session.stream;
      // Refused when the browser wants a click first: muted video needs none.
      this.video.play().catch(() => null);
    }
    this.set({ ...OPENING, phase: "webrtc", variant: variant.name });
  }

  /** By HLS until WebRTC works, with the sound where somebody listens (then its session), or HLS fails too. */
  private async playHls(variant: Variant, silent: boolean, signal: AbortSignal) {
    const turn = new HlsTurn(this.hls, variant, () => this.isListening);
    await turn.load();
    let tryAt = Date.now() + this.tryAgainMs;
    while (!signal.aborted) {
      await pause(200, signal);
      const why = await turn.look();
      if (why) return this.hlsFailed(why);
      this.showHls(variant, turn);
      if (silent ? this.isListening : Date.now() < tryAt) continue;
      const session = await this.tryWebRtc(variant, signal);
      silent = session !== null && (await this.lacksSound(session));
      if (session && !silent) return session;
      session?.close();
      tryAt = Date.now() + this.tryAgainMs;
    }
    return null;
  }

  private get isListening(): boolean {
    return this.video?.muted === false;
  }

  private async lacksSound(session: Session): Promise<boolean> {
    return this.isListening && !(await session.hasSound());
  }

  private showHls(variant: Variant, turn: HlsTurn): void {
    if (this.current.phase !== "hls" && turn.hasPicture) {
      this.set({ ...OPENING, phase: "hls", variant: variant.name });
      this.onHls();
    }
    const quality = turn.measure(this.video);
    if (quality && this.current.phase === "hls") this.set({ ...this.current, quality });
  }

  private hlsFailed(why: PlaybackFailure): null {
    this.hls.destroy();
    if (why.kind === "session-ended") throw new OfferOver(why);
    this.wait(why);
    return null;
  }

  private onHls(): void {
    const { timeUtcMs } = this.hls.state;
    if (this.current.phase === "hls") this.set({ ...this.current, timeUtcMs });
  }

  private tell(variant: string, quality: Quality): void {
    if (this.current.phase !== "webrtc" || this.current.variant !== variant) return;
    this.set({ ...this.current, quality });
    // A hidden page gets its pictures late, and nobody looks.
    if (this.adaptation && !isHidden()) this.adapt(this.adaptation, quality);
  }

  private adapt(before: Adaptation, { lostShare, freezes, delayMs }: Quality): void {
    this.adaptation = judge(before, { lostShare: lostShare ?? 0, freezes, delayMs }, Date.now());
    if (this.adaptation.size !== before.size) this.reconsider();
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
