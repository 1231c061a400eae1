// What keys do to a player, and when they are somebody else's.
import { cleanup, fireEvent, render } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { besideRate, usePlayerKeys } from "./playerKeys";

const RATES = [0.25, 0.5, 1, 2, 4, 8, 16];
const player = {
  play: vi.fn(),
  pause: vi.fn(),
  seekUtc: vi.fn(),
  skip: vi.fn(),
  step: vi.fn(),
  setRate: vi.fn(),
};
const onMute = vi.fn();
const onFullScreen = vi.fn();

function Keyed() {
  const frame = useRef<HTMLDivElement>(null);
  usePlayerKeys({ player, running: true, rate: 4, rates: RATES, onMute, onFullScreen }, frame);
  return <div ref={frame} />;
}

const press = (key: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });

beforeEach(() => vi.clearAllMocks());
afterEach(cleanup);

it("steps, skips, pauses and changes the speed", () => {
  render(<Keyed />);
  for (const key of [",", ".", " ", "ArrowLeft", "+", "-", "S", "f"]) press(key);
  press("ArrowRight", { shiftKey: true });
  expect(player.step.mock.calls).toEqual([[-1], [1]]);
  expect(player.pause).toHaveBeenCalledOnce();
  expect(player.skip.mock.calls).toEqual([[-10], [60]]);
  expect(player.setRate.mock.calls).toEqual([[8], [2]]);
  expect(onMute).toHaveBeenCalledOnce();
  expect(onFullScreen).toHaveBeenCalledOnce();
});

it("leaves to a field what is typed there, and to a button its space bar", () => {
  const { container } = render(
    <>
      <Keyed />
      <input type="text" />
      <button type="button">Exportar</button>
    </>,
  );
  container.querySelector("input")?.focus();
  press(".");
  press(" ");
  container.querySelector("button")?.focus();
  press(" ");
  expect(player.step).not.toHaveBeenCalled();
  expect(player.pause).not.toHaveBeenCalled();
  press(".");
  expect(player.step).toHaveBeenCalledOnce();
});

it("does nothing behind a dialog, and all within one", () => {
  const { rerender } = render(
    <>
      <Keyed />
      <div role="dialog" />
    </>,
  );
  press(".");
  expect(player.step).not.toHaveBeenCalled();
  rerender(
    <div role="dialog">
      <Keyed />
    </div>,
  );
  press(".");
  expect(player.step).toHaveBeenCalledOnce();
});

it("stays at the slowest and at the fastest speed", () => {
  expect(besideRate(RATES, 0.25, -1)).toBe(0.25);
  expect(besideRate(RATES, 16, 1)).toBe(16);
});
