// The camera list's lines: the cameras that are there, then, apart, those of which only footage is left.
import type { Camera, RemovedCamera } from "../api/types";
import { named } from "./search";

export type FinderRow =
  | { kind: "camera"; id: string; name: string; camera: Camera }
  | { kind: "heading"; id: string; name: string }
  | { kind: "removed"; id: string; name: string; removed: RemovedCamera };

export function finderRows(
  cameras: readonly Camera[],
  removed: readonly RemovedCamera[],
  typed: string,
): readonly FinderRow[] {
  const present = named(cameras, typed).map((camera): FinderRow => ({
    kind: "camera",
    id: camera.id,
    name: camera.name,
    camera,
  }));
  const gone = named(removed, typed).map((one): FinderRow => ({
    kind: "removed",
    id: one.id,
    name: one.name,
    removed: one,
  }));
  if (gone.length === 0) return present;
  return [...present, { kind: "heading", id: "removed", name: "Câmeras removidas" }, ...gone];
}

/** The row itself, or the one below where it is the heading. */
export function openableFrom(rows: readonly FinderRow[], at: number): number {
  return rows[at]?.kind === "heading" ? nextRow(rows, at, 1) : at;
}

/** The next row that can be opened, in a direction; the same where there is none. */
export function nextRow(rows: readonly FinderRow[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    if (rows[at]?.kind !== "heading") return at;
  }
  return from;
}
