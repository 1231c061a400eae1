// What the page of watched plates shows, as its address holds it.
import { KINDS, type Kind } from "../alerts/words";

export interface WatchlistSearch {
  /** "avisos": where alerts are posted to, in place of the plates. */
  aba?: "avisos";
  prefeitura?: string;
  lista?: Kind;
}

export function readWatchlistSearch(raw: Record<string, unknown>): WatchlistSearch {
  const { aba, prefeitura, lista } = raw;
  return {
    aba: aba === "avisos" ? aba : undefined,
    prefeitura: typeof prefeitura === "string" ? prefeitura : undefined,
    lista: typeof lista === "string" && lista in KINDS ? (lista as Kind) : undefined,
  };
}
