// The audit search as the address of the page holds it, and as the API wants it.
import type { operations } from "../api/schema";

/** In Portuguese, because people read and share the address. */
export interface AuditSearch {
  quem?: string;
  acao?: string;
  prefeitura?: string;
  /** From and to, RFC 3339. */
  de?: string;
  ate?: string;
}

const NAMES = ["quem", "acao", "prefeitura", "de", "ate"] as const;

export const NO_FILTER: AuditSearch = Object.fromEntries(NAMES.map((name) => [name, undefined]));

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  // The router reads ?quem=1234 as a number.
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = raw[name];
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
}

export function isFiltered(search: AuditSearch): boolean {
  return NAMES.some((name) => search[name] !== undefined);
}

type Query = NonNullable<operations["exportAuditCsv"]["parameters"]["query"]>;

export function toQuery({ quem, acao, prefeitura, de, ate }: AuditSearch): Query {
  return { actor: quem, action: acao, city: prefeitura, since: de, until: ate };
}
