// How the cameras of a mosaic are laid out; the names are the API's.
import type { Mosaic } from "../api/types";

export type LayoutName = Mosaic["layout"];

interface Layout {
  label: string;
  places: number;
  /** Of the grid; on a phone all are one column. */
  grid: string;
  /** Of the first place. */
  first: string;
}

export const LAYOUTS: Record<LayoutName, Layout> = {
  "1": { label: "Uma câmera", places: 1, grid: "sm:grid-cols-1", first: "" },
  "2h": { label: "Duas, lado a lado", places: 2, grid: "sm:grid-cols-2", first: "" },
  "2v": { label: "Duas, uma sobre a outra", places: 2, grid: "sm:grid-rows-2", first: "" },
  "1+2": {
    label: "Uma grande e duas pequenas",
    places: 3,
    grid: "sm:grid-cols-3 sm:grid-rows-2",
    first: "sm:col-span-2 sm:row-span-2",
  },
  "2x2": { label: "Quatro (2×2)", places: 4, grid: "sm:grid-cols-2 sm:grid-rows-2", first: "" },
};

export const LAYOUT_NAMES = Object.keys(LAYOUTS) as LayoutName[];

/** The cameras that are chosen, in order, for so many places. */
export function placed(chosen: readonly (string | undefined)[], layout: LayoutName): string[] {
  return chosen
    .slice(0, LAYOUTS[layout].places)
    .filter((camera): camera is string => Boolean(camera));
}
