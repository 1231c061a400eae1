// Only what came while one was looking is announced.
import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useArrivals } from "./useArrivals";

function show(list: string, ids: number[]) {
  return renderHook((shown) => useArrivals(shown.list, shown.ids), {
    initialProps: { list, ids },
  });
}

it("announces what is new at the top, and not the first list", () => {
  const { result, rerender } = show("all", [2, 1]);
  expect([...result.current]).toEqual([]);
  rerender({ list: "all", ids: [4, 3, 2, 1] });
  expect([...result.current]).toEqual([4, 3]);
});

it("announces nothing when another search is shown, nor when the first answer comes", () => {
  const { result, rerender } = show("all", []);
  rerender({ list: "all", ids: [1] });
  expect([...result.current]).toEqual([]);
  rerender({ list: "ABC", ids: [9, 8] });
  expect([...result.current]).toEqual([]);
});
