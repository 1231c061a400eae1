// Which cameras are on the mosaic: a page of all of them, or those that a guard put there; and how it is laid out.
import type { Camera } from "../api/types";

export interface Layout {
  /** As the address and people have it. */
  name: string;
  tiles: number;
  columns: string;
}

const LAYOUT_2X2: Layout = { name: "2x2", tiles: 4, columns: "md:grid-cols-2" };
export const LAYOUTS: readonly Layout[] = [
  { name: "1x1", tiles: 1, columns: "" },
  LAYOUT_2X2,
  { name: "3x2", tiles: 6, columns: "md:grid-cols-3" },
  { name: "3x3", tiles: 9, columns: "md:grid-cols-3" },
];

export function layoutOf(name: string | undefined): Layout {
  return LAYOUTS.find((layout) => layout.name === name) ?? LAYOUT_2X2;
}

/** As the console's address has it: camera ids, empty where a tile is. */
const SEPARATOR = ",";

export function pagesOf(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** The page that an address names, kept within what there is; from 0. */
export function pageOf(text: string | undefined, count: number, size: number): number {
  const page = Math.floor(Number(text ?? 1)) - 1;
  return Number.isFinite(page) ? Math.min(Math.max(page, 0), pagesOf(count, size) - 1) : 0;
}

export type Tile = Camera | null;

/** A chosen mosaic's tiles, all free while nothing is chosen; a camera that is gone leaves its tile free. */
export function chosenTiles(cameras: readonly Camera[], mosaic = "", size: number): Tile[] {
  const ids = mosaic.split(SEPARATOR);
  return Array.from(
    { length: size },
    (_, place) => cameras.find(({ id }) => id === ids[place]) ?? null,
  );
}

export function tilesOf(
  cameras: readonly Camera[],
  mosaic: string | undefined,
  page: string | undefined,
  size: number,
): Tile[] {
  if (mosaic !== undefined) return chosenTiles(cameras, mosaic, size);
  const first = pageOf(page, cameras.length, size) * size;
  return cameras.slice(first, first + size);
}

/** The mosaic with a camera at a place. A camera that is there already changes places. */
export function withCamera(shown: readonly Tile[], camera: string, place: number): string {
  const ids = placesOf(shown);
  const before = ids.indexOf(camera);
  if (before >= 0) ids[before] = ids[place] ?? "";
  ids[place] = camera;
  return Array.from(ids, (id) => id ?? "").join(SEPARATOR);
}

/**
 * The mosaic without a camera that it has, or with it in its first free tile; the same where all are
 * taken. Undefined when nothing is left of it.
 */
export function toggled(tiles: readonly Tile[], camera: string): string | undefined {
  const ids = placesOf(tiles);
  const at = ids.indexOf(camera);
  const free = ids.indexOf("");
  if (at >= 0) ids[at] = "";
  else if (free >= 0) ids[free] = camera;
  return ids.some(Boolean) ? ids.join(SEPARATOR) : undefined;
}

/** As the address has them, without free tiles. */
export function idsOf(tiles: readonly Tile[]): string {
  return tiles.flatMap((tile) => tile?.id ?? []).join(SEPARATOR);
}

function placesOf(tiles: readonly Tile[]): string[] {
  return tiles.map((tile) => tile?.id ?? "");
}
