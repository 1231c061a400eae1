// The plate search as the address of the page holds it, and as the API wants it.
import { normalizePlate } from "@gtvision/shared/plates";
import type { operations } from "../api/schema";
import { readOpenRead, type OpenRead } from "./openRead";

/** Search parameters of the page: in Portuguese, because people read and share the address. */
export interface PlateSearch extends OpenRead {
  placa?: string;
  /** "sim": also what a camera may have misread. */
  parecidas?: string;
  /** From and to, RFC 3339. */
  de?: string;
  ate?: string;
  camera?: string;
  prefeitura?: string;
  /** The words that the cameras use. */
  direcao?: string;
  tipo?: string;
  cor?: string;
  marca?: string;
  modelo?: string;
  /** Least confidence, 0 to 1. */
  confianca?: string;
  /** "antigas": oldest first. */
  ordem?: string;
  /** "imagens": large pictures in place of the table. */
  ver?: string;
}

const NAMES = [
  "placa",
  "parecidas",
  "de",
  "ate",
  "camera",
  "prefeitura",
  "direcao",
  "tipo",
  "cor",
  "marca",
  "modelo",
  "confianca",
  "ordem",
  "ver",
] as const satisfies readonly (keyof PlateSearch)[];

/** What narrows the search; the rest is how it is shown. */
const FILTERS = NAMES.filter((name) => !["ordem", "ver"].includes(name));

/** Those that are not on the first row of the form. */
const MORE = ["direcao", "tipo", "cor", "marca", "modelo", "confianca"] as const;

export const NO_FILTER: PlateSearch = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

export function readPlateSearch(raw: Record<string, unknown>): PlateSearch {
  // The router reads ?placa=1234 as a number.
  const search: PlateSearch = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = raw[name];
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
  return { ...search, ...readOpenRead(raw) };
}

export function isFiltered(search: PlateSearch): boolean {
  return FILTERS.some((name) => search[name] !== undefined);
}

export function countMore(search: PlateSearch): number {
  return MORE.filter((name) => search[name] !== undefined).length;
}

type Query = NonNullable<operations["searchPlateReads"]["parameters"]["query"]>;

/** What the API searches by. */
export type Filters = Omit<Query, "cursor" | "limit" | "purpose" | "vendor"> &
  Required<Pick<Query, "plate" | "match" | "order">>;

export function filtersOf(search: PlateSearch): Filters {
  const confidence = Number(search.confianca);
  return {
    plate: normalizePlate(search.placa ?? ""),
    match: search.parecidas ? "similar" : "exact",
    since: search.de,
    until: search.ate,
    camera: search.camera,
    city: search.prefeitura,
    direction: search.direcao,
    vehicle_type: search.tipo,
    vehicle_color: search.cor,
    vehicle_make: search.marca,
    vehicle_model: search.modelo,
    min_confidence: confidence > 0 && confidence <= 1 ? confidence : undefined,
    order: search.ordem === "antigas" ? "oldest" : "newest",
  };
}

/** The other way round, for a saved search; filters that it does not have are taken away. */
export function searchOf(filters: Record<string, unknown>): PlateSearch {
  const text = (name: keyof Filters) => {
    const value = filters[name];
    return typeof value === "string" || typeof value === "number"
      ? String(value) || undefined
      : undefined;
  };
  return {
    placa: text("plate"),
    parecidas: filters.match === "similar" ? "sim" : undefined,
    de: text("since"),
    ate: text("until"),
    camera: text("camera"),
    prefeitura: text("city"),
    direcao: text("direction"),
    tipo: text("vehicle_type"),
    cor: text("vehicle_color"),
    marca: text("vehicle_make"),
    modelo: text("vehicle_model"),
    confianca: text("min_confidence"),
    ordem: filters.order === "oldest" ? "antigas" : undefined,
  };
}

/** A search that ends in the past, or begins with the oldest, gets no new reads on its first page. */
export function isOpenEnded(
  { until, order }: Pick<Query, "until" | "order">,
  nowUtcMs: number,
): boolean {
  return order !== "oldest" && (until === undefined || Date.parse(until) > nowUtcMs);
}
