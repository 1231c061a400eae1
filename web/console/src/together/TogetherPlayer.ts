// Plays recordings of several cameras by one clock. No React in here.
//
// The clock is nobody's video: each camera follows it, whichever way its pictures come. It stands while a
// camera that has footage at this moment has no picture of it yet, though not for ever; then all start in one
// breath. A camera without footage at this moment waits, and is there again when the clock comes to some.
import {
  IDLE_RECORDING,
  type Playback,
  RATES,
  type RecordingPlayer,
  type RecordingState,
} from "@gtvision/shared/player";
import type { Stretch } from "../timeline/view";
import { isFar, isRecorded, pace } from "./pace";
import { SharedClock } from "./SharedClock";

const TICK_MS = 100;
/** Then the others go on without a camera that does not come. */
const PATIENCE_MS = 8000;
/** A jump takes as long as this; another one before would only start it again. */
const JUMP_TAKES_MS = 1500;
/** As near to a moment as the picture at it is. */
const THERE_MS = 600;
/** A picture that stands is not sought again for less. */
const STANDS_WITHIN_MS = 80;
/** What a camera films is on disk, and known to be, seconds later. */
const RECORDED_AFTER_MS = 10_000;
const TELL_EVERY_MS = 250;

export type CameraStatus = "shown" | "none" | "waiting" | "failed";

export interface TogetherState extends RecordingState {
  cameras: Readonly<Record<string, CameraStatus>>;
}

interface Follower {
  player: Pick<RecordingPlayer, keyof Playback | "positionUtc" | "state">;
  spans: readonly Stretch[];
  rate: number;
  /** Where it was last sent, and when. */
  soughtUtc: number | null;
  soughtAtMs: number;
}

export class TogetherPlayer implements Playback {
  private readonly clock: SharedClock;
  private readonly followers = new Map<string, Follower>();
  /** The box's clock, as it was told last. */
  private boxUtc = 0;
  private wantsToPlay = true;
  private waitingSinceMs: number | null = null;
  /** The camera that steps, and the picture that it left. */
  private stepping: { camera: Follower; fromUtc: number | null } | null = null;
  private current: TogetherState;
  private toldAtMs = -Infinity;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly periodUtc: readonly [number, number],
    startAtUtc: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.clock = new SharedClock(startAtUtc, nowMs);
    this.current = this.composed({});
  }

  get state(): TogetherState {
    return this.current;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  add(camera: string, player: Follower["player"]): () => void {
    this.followers.set(camera, {
      player,
      spans: this.followers.get(camera)?.spans ?? [],
      rate: player.state.rate,
      soughtUtc: null,
      soughtAtMs: -Infinity,
    });
    return () => this.followers.delete(camera);
  }

  setSpans(camera: string, spans: readonly Stretch[]): void {
    const follower = this.followers.get(camera);
    if (follower) follower.spans = spans;
  }

  setBoxNow(utcMs: number): void {
    this.boxUtc = utcMs;
  }

  /** Until the returned function is called. */
  run(): () => void {
    const ticking = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(ticking);
  }

  play(): void {
    this.wantsToPlay = true;
    this.tick();
  }

  pause(): void {
    this.wantsToPlay = false;
    this.tick();
  }

  seekUtc(utcMs: number): void {
    this.stepping = null;
    this.wantsToPlay ||= this.current.phase === "ended";
    this.clock.stop();
    this.clock.set(Math.min(Math.max(utcMs, this.periodUtc[0]), this.limitUtc));
    this.tick();
  }

  skip(seconds: number): void {
    this.seekUtc(this.clock.now() + seconds * 1000);
  }

  /** The first camera with footage steps; the others show their picture of the same moment. */
  step(direction: 1 | -1): void {
    this.pause();
    const nowUtc = this.clock.now();
    const camera = [...this.followers.values()].find(({ spans }) => isRecorded(spans, nowUtc));
    if (!camera) return;
    this.stepping = { camera, fromUtc: camera.player.positionUtc() };
    camera.player.step(direction);
  }

  setRate(rate: number): void {
    this.clock.setRate(rate);
    this.tick();
  }

  /** Which way each camera's pictures come is its own affair. */
  choose(): void {}

  tick(): void {
    this.endStep();
    const { rates } = this.current;
    // A camera went on by a way that is slower.
    if (!rates.includes(this.clock.rate)) this.clock.setRate(rates.at(-1) ?? 1);
    const nowUtc = this.clock.now();
    if (nowUtc >= this.limitUtc && this.wantsToPlay) {
      this.clock.stop();
      this.clock.set(this.limitUtc);
      this.wantsToPlay = false;
    }
    this.clock[this.mayRun(nowUtc) ? "start" : "stop"]();
    for (const follower of this.followers.values()) this.lead(follower);
    this.tell();
  }

  /** The last moment that can be played by now. */
  private get limitUtc(): number {
    return Math.max(
      this.periodUtc[0],
      Math.min(this.periodUtc[1], this.boxUtc - RECORDED_AFTER_MS),
    );
  }

  private mayRun(nowUtc: number): boolean {
    if (!this.wantsToPlay) return false;
    const awaited = [...this.followers.values()].some(
      (follower) => this.statusOf(follower, nowUtc) === "waiting",
    );
    if (!awaited) this.waitingSinceMs = null;
    else this.waitingSinceMs ??= this.nowMs();
    return this.waitingSinceMs === null || this.nowMs() - this.waitingSinceMs > PATIENCE_MS;
  }

  private statusOf({ player, spans }: Follower, nowUtc: number): CameraStatus {
    if (!isRecorded(spans, nowUtc)) return "none";
    const { phase } = player.state;
    if (phase === "failed") return "failed";
    const positionUtc = player.positionUtc();
    const isThere =
      (phase === "playing" || phase === "paused") &&
      positionUtc !== null &&
      Math.abs(positionUtc - nowUtc) < THERE_MS * Math.max(1, this.clock.rate);
    return isThere ? "shown" : "waiting";
  }

  private lead(follower: Follower): void {
    const { player, spans } = follower;
    const nowUtc = this.clock.now();
    const positionUtc = player.positionUtc();
    if (positionUtc === null || player.state.phase === "failed") return;
    const offByMs = positionUtc - nowUtc;
    const recorded = isRecorded(spans, nowUtc);
    if (recorded && this.clock.isRunning) return this.moveOn(follower, offByMs);
    if (player.state.phase === "playing") player.pause();
    if (recorded && Math.abs(offByMs) > STANDS_WITHIN_MS) this.sendTo(follower, nowUtc);
  }

  private moveOn(follower: Follower, offByMs: number): void {
    const { player } = follower;
    const { phase } = player.state;
    if (isFar(offByMs, this.clock.rate)) return this.sendTo(follower, this.clock.now());
    if (phase === "paused" || phase === "ended") player.play();
    this.setPace(follower, pace(this.clock.rate, offByMs));
  }

  /** Once for each moment, and not before the last jump was made. */
  private sendTo(follower: Follower, utcMs: number): void {
    if (follower.soughtUtc === utcMs || this.stepping?.camera === follower) return;
    if (this.nowMs() - follower.soughtAtMs < JUMP_TAKES_MS && this.clock.isRunning) return;
    this.setPace(follower, this.clock.rate);
    follower.soughtUtc = utcMs;
    follower.soughtAtMs = this.nowMs();
    follower.player.seekUtc(utcMs);
  }

  private setPace(follower: Follower, rate: number): void {
    if (follower.rate === rate) return;
    follower.rate = rate;
    follower.player.setRate(rate);
  }

  private endStep(): void {
    const { stepping } = this;
    const atUtc = stepping?.camera.player.positionUtc() ?? null;
    if (!stepping || atUtc === null || atUtc === stepping.fromUtc) return;
    this.stepping = null;
    this.clock.set(atUtc);
    stepping.camera.soughtUtc = atUtc; // it is there
  }

  private composed(cameras: TogetherState["cameras"]): TogetherState {
    const nowUtc = this.clock.now();
    const waits = this.wantsToPlay && !this.clock.isRunning;
    const ended = !this.wantsToPlay && nowUtc >= this.limitUtc;
    const played = [...this.followers.values()].map(({ player }) => player.state.rates);
    return {
      ...IDLE_RECORDING,
      phase: waits ? "buffering" : this.wantsToPlay ? "playing" : ended ? "ended" : "paused",
      timeUtcMs: nowUtc,
      rangeUtcMs: [this.periodUtc[0], this.limitUtc],
      rate: this.clock.rate,
      rates: RATES.webrtc.filter((rate) => played.every((rates) => rates.includes(rate))),
      cameras,
    };
  }

  /** A few times a second, and at once what is more than the clock going on. */
  private tell(): void {
    const nowUtc = this.clock.now();
    const before = this.current;
    const after = this.composed(
      Object.fromEntries(
        [...this.followers].map(([camera, follower]) => [camera, this.statusOf(follower, nowUtc)]),
      ),
    );
    const news = ({ phase, rate, rates, cameras }: TogetherState) =>
      JSON.stringify([phase, rate, rates, cameras, this.clock.isRunning || nowUtc]);
    const isNews = news(before) !== news(after);
    if (!isNews && this.nowMs() - this.toldAtMs < TELL_EVERY_MS) return;
    this.current = after;
    this.toldAtMs = this.nowMs();
    for (const listener of this.listeners) listener();
  }
}
