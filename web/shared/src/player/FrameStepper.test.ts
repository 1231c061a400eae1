// Single pictures of a <video> that seeks at once and shows what is there at that time.
import { expect, it } from "vitest";
import { FrameStepper } from "./FrameStepper";

/** A <video> whose pictures begin at these seconds. */
class Film extends EventTarget {
  paused = false;
  private at = 0;
  private told: VideoFrameRequestCallback | null = null;
  constructor(private readonly begins: readonly number[]) {
    super();
  }
  get currentTime() {
    return this.at;
  }
  set currentTime(seconds: number) {
    this.at = seconds;
    queueMicrotask(() => {
      this.dispatchEvent(new Event("seeked"));
      this.tell();
    });
  }
  get shown() {
    return this.begins.findLast((begin) => begin <= this.at) ?? 0;
  }
  get buffered() {
    return { length: 1, start: () => 0, end: () => (this.begins.at(-1) ?? 0) + 0.04 };
  }
  pause() {
    this.paused = true;
  }
  requestVideoFrameCallback(told: VideoFrameRequestCallback) {
    this.told = told;
    return 1;
  }
  tell() {
    this.told?.(0, { mediaTime: this.shown } as VideoFrameCallbackMetadata);
  }
}

async function shownAfter(begins: readonly number[], ...directions: (1 | -1)[]) {
  const film = new Film(begins);
  const stepper = new FrameStepper(film as unknown as HTMLVideoElement);
  film.tell();
  const shown = [];
  for (const direction of directions) {
    await stepper.step(direction);
    shown.push(begins.indexOf(film.shown));
  }
  expect(film.paused).toBe(true);
  return shown;
}

const every = (seconds: number) => Array.from({ length: 40 }, (_, n) => n * seconds);

it.each([60, 30, 25, 15, 12, 7, 5, 1])("goes picture by picture at %i a second", async (fps) => {
  expect(await shownAfter(every(1 / fps + 1e-6), 1, 1, 1, -1, 1, -1, -1)).toEqual([
    1, 2, 3, 2, 3, 2, 1,
  ]);
});

it("goes picture by picture where they come unevenly", async () => {
  const begins = [0, 0.07, 0.16, 0.2, 0.33, 0.4];
  expect(await shownAfter(begins, 1, 1, 1, 1, -1, -1)).toEqual([1, 2, 3, 4, 3, 2]);
});

it("stays on the first and on the last picture that is loaded", async () => {
  expect(await shownAfter([0, 0.04], 1, 1, -1, -1)).toEqual([1, 1, 0, 0]);
});
