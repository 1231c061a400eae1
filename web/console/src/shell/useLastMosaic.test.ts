// The mosaic that a guard used last.
import { renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { ConsoleSearch } from "./search";
import { useLastMosaic } from "./useLastMosaic";

const change = vi.fn();
const open = (search: ConsoleSearch, user = "ana") =>
  renderHook(() => useLastMosaic(user, search, change));

beforeEach(() => {
  localStorage.clear();
  change.mockClear();
});

it("is there again when the console is opened", () => {
  open({ mosaico: "c1,c2", grade: "3x3" });
  open({});
  expect(change).toHaveBeenCalledExactlyOnceWith(
    { mosaico: "c1,c2", grade: "3x3", pagina: undefined },
    true,
  );
});

it("is not put in place of what an address asks for", () => {
  open({ mosaico: "c1,c2" });
  open({ camera: "c3" });
  expect(change).not.toHaveBeenCalled();
});

it("is each guard's own", () => {
  open({ mosaico: "c1,c2" });
  open({}, "bia");
  expect(change).not.toHaveBeenCalled();
});

it("is all cameras where the browser keeps nonsense", () => {
  localStorage.setItem("gtvision.mosaic.ana", "{nonsense");
  open({});
  expect(change).not.toHaveBeenCalled();
});
