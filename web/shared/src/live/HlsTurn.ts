// One variant live by HLS, for as long as WebRTC does not serve: which playlist, whether it moves, how well.
import { failure, type PlaybackFailure } from "../player/failure";
import type { HlsPlayer } from "../player/HlsPlayer";
import { HlsMeter } from "./HlsMeter";
import type { Variant } from "./offer";
import { Patience } from "./Patience";
import type { Quality } from "./whep";

export class HlsTurn {
  private url = "";
  private patience = new Patience();
  private readonly meter = new HlsMeter();

  constructor(
    private readonly hls: HlsPlayer,
    private readonly variant: Variant,
    private readonly isListening: () => boolean,
  ) {}

  async load(): Promise<void> {
    this.url = this.wantedUrl;
    this.patience = new Patience();
    await this.hls.load(this.url, { live: true });
  }

  /** Why it plays no longer; null while it plays or may still begin. To be asked a few times a second. */
  async look(): Promise<PlaybackFailure | null> {
    if (this.url !== this.wantedUrl) {
      await this.load();
      return null;
    }
    const { phase, failure: why, timeUtcMs } = this.hls.state;
    if (phase === "failed" || phase === "ended") return why ?? failure("network");
    return this.patience.isOver(timeUtcMs) ? failure("timeout") : null;
  }

  get hasPicture(): boolean {
    return this.hls.state.timeUtcMs !== null;
  }

  /** Null until there is something to measure. */
  measure(video: HTMLVideoElement | null): Quality | null {
    return this.meter.look(video, this.hls.bitrateBps, Date.now());
  }

  /** The streams of the adaptive playlist have no sound: who wants to hear gives the adapting up. */
  private get wantedUrl(): string {
    const { hls_url: url, sound_url: withSound } = this.variant;
    return (this.isListening() && withSound) || url;
  }
}
