// The list holds still under the pointer, and only there.
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSteady } from "./useSteady";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function show(items: number[], list = "all") {
  const hook = renderHook((shown) => useSteady(shown.items, shown.list), {
    initialProps: { items, list },
  });
  return { ...hook, items: () => hook.result.current.items };
}

it("keeps its rows while the pointer moves over it, and catches up when it leaves", () => {
  const { result, rerender, items } = show([1]);
  act(() => result.current.hold.onPointerMove());
  rerender({ items: [2, 1], list: "all" });
  expect(items()).toEqual([1]);
  act(() => result.current.hold.onPointerLeave());
  expect(items()).toEqual([2, 1]);
});

it("goes on when the pointer rests", () => {
  const { result, rerender, items } = show([1]);
  act(() => result.current.hold.onPointerMove());
  rerender({ items: [2, 1], list: "all" });
  act(() => void vi.advanceTimersByTime(3000));
  expect(items()).toEqual([2, 1]);
});

it("shows another search at once", () => {
  const { result, rerender, items } = show([1]);
  act(() => result.current.hold.onPointerMove());
  rerender({ items: [7], list: "ABC" });
  expect(items()).toEqual([7]);
});
