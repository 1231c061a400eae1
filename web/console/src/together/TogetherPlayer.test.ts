// Several cameras at one clock, with players that show what they are told after a while.
import { IDLE_RECORDING, RATES } from "@gtvision/shared/player";
import { beforeEach, expect, it, vi } from "vitest";
import { isFar, pace } from "./pace";
import { TogetherPlayer } from "./TogetherPlayer";

const T0 = Date.parse("2026-11-24T02:00:00Z");
const END = T0 + 1_800_000;
const ALL = [{ startUtc: T0 - 60_000, endUtc: END }];

let nowMs: number;
let together: TogetherPlayer;

/** A player whose picture goes on by itself, and is there `lateMs` after a jump. */
class FakePlayer {
  state = { ...IDLE_RECORDING, rates: RATES.webrtc, phase: "playing" as string };
  atUtc = T0;
  lateMs = 0;
  sought: number[] = [];
  private jump: { utcMs: number; doneMs: number } | null = null;
  play = vi.fn(() => (this.state.phase = "playing"));
  pause = vi.fn(() => (this.state.phase = "paused"));
  step = vi.fn((direction: number) => (this.atUtc += direction * 40));
  skip = vi.fn();
  setRate = vi.fn((rate: number) => (this.state.rate = rate));
  seekUtc = vi.fn((utcMs: number) => {
    this.sought.push(utcMs);
    this.jump = { utcMs, doneMs: nowMs + this.lateMs };
  });
  positionUtc = () => (this.jump ? null : this.atUtc);
  pass(ms: number) {
    if (this.jump && this.jump.doneMs <= nowMs) {
      this.atUtc = this.jump.utcMs;
      this.jump = null;
    } else if (!this.jump && this.state.phase === "playing") this.atUtc += ms * this.state.rate;
  }
}

type Player = Parameters<TogetherPlayer["add"]>[1];
let one: FakePlayer;
let two: FakePlayer;

function pass(ms: number) {
  for (let passed = 0; passed < ms; passed += 100) {
    nowMs += 100;
    for (const player of [one, two]) player.pass(100);
    together.tick();
  }
}

beforeEach(() => {
  nowMs = 0;
  one = new FakePlayer();
  two = new FakePlayer();
  together = new TogetherPlayer([T0, END], T0, () => nowMs);
  together.setBoxNow(END + 60_000);
  together.add("one", one as unknown as Player);
  together.add("two", two as unknown as Player);
  together.setSpans("one", ALL);
  together.setSpans("two", ALL);
  together.tick();
});

const apart = () => Math.abs(one.atUtc - two.atUtc);

it("keeps cameras at one clock: what is off is made up for without a jump", () => {
  two.atUtc += 500;
  pass(4000);
  expect(apart()).toBeLessThan(80);
  expect(two.sought).toEqual([]);
  expect(together.state.timeUtcMs).toBeGreaterThan(T0 + 3500);
});

it("jumps with all of them, and starts when the slowest has its picture", () => {
  two.lateMs = 2000;
  together.seekUtc(T0 + 600_000);
  pass(1500);
  expect(together.state).toMatchObject({ phase: "buffering", timeUtcMs: T0 + 600_000 });
  expect(one.state.phase).toBe("paused");
  expect(together.state.cameras).toEqual({ one: "shown", two: "waiting" });
  pass(3000);
  expect(together.state.phase).toBe("playing");
  expect(apart()).toBeLessThan(80);
});

it("goes on after a while without a camera that does not come", () => {
  two.lateMs = 1e9;
  together.seekUtc(T0 + 600_000);
  pass(10_000);
  expect(together.state.phase).toBe("playing");
  expect(together.state.cameras).toEqual({ one: "shown", two: "waiting" });
});

it("a camera without footage says so, waits, and is there again with its footage", () => {
  together.setSpans("two", [
    { startUtc: T0, endUtc: T0 + 2000 },
    { startUtc: T0 + 5000, endUtc: END },
  ]);
  pass(3000);
  expect(together.state.cameras).toEqual({ one: "shown", two: "none" });
  expect(two.state.phase).toBe("paused");
  expect(together.state.phase).toBe("playing");
  pass(4000);
  expect(together.state.cameras).toEqual({ one: "shown", two: "shown" });
  expect(apart()).toBeLessThan(80);
});

it("pauses, plays and changes the speed of all", () => {
  together.pause();
  pass(300);
  expect([one.state.phase, two.state.phase]).toEqual(["paused", "paused"]);
  together.setRate(4);
  together.play();
  pass(1000);
  expect([one.state.rate, two.state.rate]).toEqual([4, 4]);
  expect(together.state.timeUtcMs).toBeGreaterThan(T0 + 2500);
});

it("steps by a picture of the first camera, and shows the same moment of the others", () => {
  together.pause();
  pass(200);
  const before = one.atUtc;
  together.step(1);
  pass(300);
  expect(one.atUtc).toBe(before + 40);
  expect(together.state.timeUtcMs).toBe(before + 40);
  expect(one.sought).toEqual([]);
});

it("stops where there is nothing more to be played yet", () => {
  together.seekUtc(END + 5_000_000);
  pass(500);
  expect(together.state).toMatchObject({ phase: "ended", timeUtcMs: END });
});

it("offers the speeds that every camera has", () => {
  two.state.rates = RATES.hls;
  pass(100);
  expect(together.state.rates).toEqual(RATES.hls);
});

it("the pace never leaves what a box plays, nor leaves pictures out for it", () => {
  expect(pace(1, 10)).toBe(1);
  expect(pace(1, 200)).toBeCloseTo(0.8);
  expect(pace(1, -5000)).toBe(1.25);
  expect(pace(4, -900)).toBe(4);
  expect(pace(16, -4000)).toBe(16);
  expect(pace(0.25, 500)).toBe(0.25);
  expect(isFar(1500, 1)).toBe(true);
  expect(isFar(1500, 16)).toBe(false);
});
