import { expect, it } from "vitest";
import { LAYOUTS, placed } from "./layouts";

it("has layouts of up to four cameras", () => {
  expect(Math.max(...Object.values(LAYOUTS).map(({ places }) => places))).toBe(4);
});

it("takes the cameras that are chosen, and no more than there are places", () => {
  expect(placed(["a", undefined, "c", "d"], "2x2")).toEqual(["a", "c", "d"]);
  expect(placed(["a", "b", "c", "d"], "2h")).toEqual(["a", "b"]);
});
