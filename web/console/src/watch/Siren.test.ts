// The alert's sound: repeats, can be silenced, and waits for the gesture that browsers want.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Siren } from "./Siren";

class Context extends EventTarget {
  state = "running";
  currentTime = 0;
  destination = {};
  rings = 0;
  close = vi.fn();
  resume = vi.fn(() => {
    this.state = "running";
    this.dispatchEvent(new Event("statechange"));
    return Promise.resolve();
  });
  createGain = () => {
    this.rings += 1;
    return { gain: {}, connect: vi.fn(), context: this };
  };
  createOscillator = () => ({ frequency: {}, connect: vi.fn(), start: vi.fn(), stop: vi.fn() });
}

let context: Context;
let memory: Map<string, string>;
let siren: Siren;
let close: () => void;

function make() {
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => void memory.set(key, value),
  };
  siren = new Siren(() => context as unknown as AudioContext, storage);
  close = siren.open();
  return siren;
}

beforeEach(() => {
  vi.useFakeTimers();
  context = new Context();
  memory = new Map();
});
afterEach(() => {
  close();
  vi.useRealTimers();
});

it("rings at once and again until it may rest", () => {
  make().alarm();
  expect(context.rings).toBe(1);
  vi.advanceTimersByTime(12_000);
  expect(context.rings).toBe(3);
  siren.rest();
  vi.advanceTimersByTime(60_000);
  expect(context.rings).toBe(3);
});

it("keeps silent when a person silenced it, also after the page was loaded anew", () => {
  make().setMuted(true);
  close();
  make().alarm();
  expect([siren.state, context.rings]).toEqual(["muted", 0]);
  siren.setMuted(false);
  vi.advanceTimersByTime(6000);
  expect([siren.state, context.rings]).toEqual(["ready", 1]);
});

it("says that the browser blocks it, and rings with the first click", async () => {
  context.state = "suspended";
  const heard = vi.fn();
  make().subscribe(heard);
  siren.alarm();
  expect([siren.state, context.rings]).toEqual(["blocked", 0]);
  document.dispatchEvent(new Event("pointerdown"));
  await vi.advanceTimersByTimeAsync(0);
  expect([siren.state, context.rings]).toEqual(["ready", 1]);
  expect(heard).toHaveBeenCalled();
});

it("stays blocked where the browser has no sound", () => {
  siren = new Siren(() => {
    throw new Error("no Web Audio");
  }, localStorage);
  close = siren.open();
  siren.alarm();
  expect(siren.state).toBe("blocked");
});
