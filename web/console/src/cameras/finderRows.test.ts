import { describe, expect, it } from "vitest";
import type { Camera, RemovedCamera } from "../api/types";
import { finderRows, nextRow, openableFrom } from "./finderRows";

const CAMERAS = [
  { id: "a", name: "Avenida" },
  { id: "p", name: "Praça" },
] as Camera[];
const REMOVED = [{ id: "x", name: "Praça antiga" }] as RemovedCamera[];

describe("the camera list", () => {
  it("keeps removed cameras apart, below the others", () => {
    const rows = finderRows(CAMERAS, REMOVED, "");
    expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "camera Avenida",
      "camera Praça",
      "heading Câmeras removidas",
      "removed Praça antiga",
    ]);
  });

  it("has no heading over nothing", () => {
    expect(finderRows(CAMERAS, REMOVED, "avenida").map(({ kind }) => kind)).toEqual(["camera"]);
    expect(finderRows(CAMERAS, [], "")).toHaveLength(2);
  });

  it("is walked by the keyboard past its heading, and no further than its ends", () => {
    const rows = finderRows(CAMERAS, REMOVED, "");
    expect(nextRow(rows, 1, 1)).toBe(3);
    expect(nextRow(rows, 3, -1)).toBe(1);
    expect(nextRow(rows, 3, 1)).toBe(3);
    expect(nextRow(rows, 0, -1)).toBe(0);
  });

  it("opens what is below its heading when nothing else is left", () => {
    expect(openableFrom(finderRows(CAMERAS, REMOVED, "antiga"), 0)).toBe(1);
    expect(openableFrom(finderRows(CAMERAS, REMOVED, "avenida"), 0)).toBe(0);
  });
});
