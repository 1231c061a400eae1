// What is typed into the search form and not yet searched.
import { formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import type { PlateSearch } from "./search";

const TEXTS = ["placa", "direcao", "tipo", "cor", "marca", "modelo"] as const;
type Text = (typeof TEXTS)[number];

export interface Draft extends Record<Text, string> {
  /** The address that it began with: it starts over when that changes under it. */
  of: string;
  /** As typed, in the city's time. */
  de: string;
  ate: string;
}

export function draftOf(search: PlateSearch, timeZone: string): Draft {
  const { de, ate } = search;
  const texts = Object.fromEntries(TEXTS.map((name) => [name, search[name] ?? ""]));
  return {
    ...(texts as Record<Text, string>),
    of: JSON.stringify([texts, de, ate, timeZone]),
    de: de ? formatDateTime(de, timeZone) : "",
    ate: ate ? formatDateTime(ate, timeZone) : "",
  };
}

/** What to search for, or why it cannot be. */
export function changesOf(
  draft: Draft,
  timeZone: string,
): { changes: PlateSearch } | { periodError: string | null } {
  const from = parseDateTime(draft.de, timeZone);
  const to = parseDateTime(draft.ate, timeZone);
  if (from !== null && to !== null && from >= to) {
    return { periodError: "O fim precisa ser depois do início." };
  }
  // The fields themselves say what is wrong with a date.
  if ((draft.de !== "" && from === null) || (draft.ate !== "" && to === null)) {
    return { periodError: null };
  }
  const texts = TEXTS.map((name) => [name, draft[name].trim() || undefined]);
  return {
    changes: {
      ...Object.fromEntries(texts),
      de: from === null ? undefined : toIso(from),
      ate: to === null ? undefined : toIso(to),
    },
  };
}
