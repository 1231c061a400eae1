import { describe, expect, it } from "vitest";
import type { Camera } from "../api/types";
import { chosenTiles, layoutOf, pageOf, pagesOf, tilesOf, toggled, withCamera } from "./tiles";

const CAMERAS = Array.from(
  { length: 10 },
  (_, n) => ({ id: `c${n}`, name: `Câmera ${n}` }) as Camera,
);
const ids = (tiles: readonly (Camera | null)[]) => tiles.map((tile) => tile?.id ?? "");

describe("the pages of the mosaic", () => {
  it("hold four cameras each, and the last one what is left", () => {
    expect(pagesOf(10, 4)).toBe(3);
    expect(ids(tilesOf(CAMERAS, undefined, undefined, 4))).toEqual(["c0", "c1", "c2", "c3"]);
    expect(ids(tilesOf(CAMERAS, undefined, "3", 4))).toEqual(["c8", "c9"]);
  });

  it("stay within what there is, whatever the address says", () => {
    expect(pageOf("99", 10, 4)).toBe(2);
    expect(pageOf("-1", 10, 4)).toBe(0);
    expect(pageOf("x", 10, 4)).toBe(0);
    expect(pageOf("2", 0, 4)).toBe(0);
  });
});

describe("a mosaic that a guard put together", () => {
  it("begins with what is on screen, and a camera takes the place that was asked for", () => {
    const shown = tilesOf(CAMERAS, undefined, "1", 4);
    expect(withCamera(shown, "c9", 1)).toBe("c0,c9,c2,c3");
  });

  it("takes cameras from the list in its free tiles, and gives them back", () => {
    const once = toggled(chosenTiles(CAMERAS, undefined, 4), "c9");
    expect(once).toBe("c9,,,");
    expect(toggled(chosenTiles(CAMERAS, "c1,,c3,", 4), "c9")).toBe("c1,c9,c3,");
    expect(toggled(chosenTiles(CAMERAS, "c1,c9,c3,", 4), "c9")).toBe("c1,,c3,");
    expect(toggled(chosenTiles(CAMERAS, once, 4), "c9")).toBeUndefined();
  });

  it("keeps its cameras in a larger layout, and has room for more", () => {
    const size = layoutOf("3x3").tiles;
    expect(toggled(chosenTiles(CAMERAS, "c1,c2,c3,c4", size), "c9")).toBe("c1,c2,c3,c4,c9,,,,");
    expect(ids(tilesOf(CAMERAS, undefined, "2", size))).toEqual(["c9"]);
    expect(layoutOf("77x1").name).toBe("2x2");
  });

  it("has four tiles and no more", () => {
    expect(toggled(chosenTiles(CAMERAS, "c1,c2,c3,c4", 4), "c9")).toBe("c1,c2,c3,c4");
  });

  it("never shows a camera twice: the two change places", () => {
    expect(withCamera(chosenTiles(CAMERAS, "c1,c2,c3,c4", 4), "c1", 2)).toBe("c3,c2,c1,c4");
  });

  it("leaves the tile of a camera that is gone empty", () => {
    expect(ids(chosenTiles(CAMERAS, "c1,gone,c3", 4))).toEqual(["c1", "", "c3", ""]);
  });
});
