// The plate search as the address of the page holds it, and as the API wants it.
import { normalizePlate } from "@gtvision/shared/plates";

/** Search parameters of the page: in Portuguese, because people read and share the address. */
export interface PlateSearch {
  placa?: string;
  /** From and to, RFC 3339. */
  de?: string;
  ate?: string;
  camera?: string;
  prefeitura?: string;
  /** The read whose video is open, and its instant, by which it is found again. */
  read?: string;
  em?: string;
}

const NAMES = ["placa", "de", "ate", "camera", "prefeitura", "read", "em"] as const;

export function readPlateSearch(raw: Record<string, unknown>): PlateSearch {
  // The router reads ?placa=1234 as a number.
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = raw[name];
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
}

export interface Filters {
  plate?: string;
  since?: string;
  until?: string;
  camera?: string;
  city?: string;
}

export function filtersOf({ placa, de, ate, camera, prefeitura }: PlateSearch): Filters {
  return {
    plate: placa ? normalizePlate(placa) : undefined,
    since: de,
    until: ate,
    camera,
    city: prefeitura,
  };
}

/** A search that ends in the past gets no new reads. */
export function isOpenEnded({ until }: Filters, nowUtcMs: number): boolean {
  return until === undefined || Date.parse(until) > nowUtcMs;
}
