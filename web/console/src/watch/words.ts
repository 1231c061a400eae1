// How a guard is told of a watched plate: the gravest kind of its entries, in words and not in colour alone.
import type { WatchEntry } from "../api/types";

export type WatchKind = WatchEntry["kind"];

interface Words {
  /** Across the alert. */
  title: string;
  /** In a tag. */
  short: string;
}

export const KIND_WORDS: Record<WatchKind, Words> = {
  stolen: { title: "Veículo roubado ou furtado", short: "Roubado" },
  wanted: { title: "Veículo procurado", short: "Procurado" },
  authorised: { title: "Veículo autorizado", short: "Autorizado" },
};

const GRAVEST_FIRST: readonly WatchKind[] = ["stolen", "wanted", "authorised"];

export function gravest(entries: readonly { kind: WatchKind }[]): WatchKind | null {
  return GRAVEST_FIRST.find((kind) => entries.some((entry) => entry.kind === kind)) ?? null;
}

/** "Roubado: BO 12/2025", an entry a line; the kind alone where nobody gave a reason. */
export function reasonsOf(entries: readonly WatchEntry[]): string[] {
  const lines = entries.map(({ kind, reason }) =>
    reason ? `${KIND_WORDS[kind].short}: ${reason}` : KIND_WORDS[kind].short,
  );
  return [...new Set(lines)];
}

/** "3 leituras"; nothing for one. */
