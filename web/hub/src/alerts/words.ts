// The lists in Portuguese.
import type { WatchlistEntry } from "../api/types";

export type Kind = WatchlistEntry["kind"];

export const KINDS: Record<Kind, string> = {
  stolen: "Roubado ou furtado",
  wanted: "Procurado",
  authorised: "Autorizado",
};
