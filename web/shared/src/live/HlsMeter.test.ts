import { expect, it } from "vitest";
import { HlsMeter } from "./HlsMeter";

const video = (totalVideoFrames: number) =>
  ({ getVideoPlaybackQuality: () => ({ totalVideoFrames }) }) as HTMLVideoElement;

it("counts the pictures of the stream that plays, and starts anew with another one", () => {
  const meter = new HlsMeter();
  expect(meter.look(video(100), 400_000, 0)).toBeNull();
  expect(meter.look(video(105), 400_000, 1000)).toBeNull();
  expect(meter.look(video(120), 400_000, 2000)).toMatchObject({ fps: 10, bitrateBps: 400_000 });
  expect(meter.look(video(3), 400_000, 4000)).toBeNull();
  expect(meter.look(video(53), 400_000, 6000)).toMatchObject({ fps: 25 });
});

it("knows nothing without a picture, or in a browser that does not count", () => {
  expect(new HlsMeter().look(null, 0, 0)).toBeNull();
  expect(new HlsMeter().look({} as HTMLVideoElement, 0, 0)).toBeNull();
});
