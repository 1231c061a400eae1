// What plays a recording in a <video>, by whichever way the pictures come.
//
//   idle → opening → buffering ⇄ playing ⇄ paused → ended
//             └───────────┴──────────┴→ failed
import type { PlaybackFailure } from "./failure";
import type { LoadOptions } from "./hlsConfig";

export type Phase = "idle" | "opening" | "buffering" | "playing" | "paused" | "ended" | "failed";

export interface PlayerState {
  phase: Phase;
  /** Wall clock of the picture on screen, UTC. */
  timeUtcMs: number | null;
  /** First and last instant that can be played, UTC. */
  rangeUtcMs: readonly [number, number] | null;
  rate: number;
  /** Whether sound comes with the pictures. */
  hasSound: boolean;
  failure: PlaybackFailure | null;
}

export const IDLE: PlayerState = {
  phase: "idle",
  timeUtcMs: null,
  rangeUtcMs: null,
  rate: 1,
  hasSound: false,
  failure: null,
};

/** What the controls under a picture can do. */
export interface Playback {
  play(): void;
  pause(): void;
  /** Goes to an instant; in a gap, to the next picture there is. */
  seekUtc(utcMs: number): void;
  skip(seconds: number): void;
  /** Pauses on the very next picture, or on the one before. */
  step(direction: 1 | -1): void;
  setRate(rate: number): void;
}

export interface PlaybackEngine extends Playback {
  readonly state: PlayerState;
  /** Wall clock of the picture at this very moment; null while there is none, or another is on its way. */
  positionUtc(): number | null;
  /** The returned function ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Takes over a <video>; the returned function lets go of it. */
  attach(video: HTMLVideoElement): () => void;
  load(url: string, options: LoadOptions): Promise<void>;
  /** Back to idle; the <video> stays attached and may load again. */
  destroy(): void;
}
