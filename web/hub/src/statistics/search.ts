// What is counted, as the address of the page holds it.

export interface StatisticsSearch {
  /** From and to, RFC 3339; neither: the last seven days. */
  de?: string;
  ate?: string;
  camera?: string;
  prefeitura?: string;
  /** "hora": counted by hour, not by day. */
  por?: string;
}

const NAMES = ["de", "ate", "camera", "prefeitura", "por"] as const;

export function readStatisticsSearch(raw: Record<string, unknown>): StatisticsSearch {
  return Object.fromEntries(
    NAMES.flatMap((name) => (typeof raw[name] === "string" ? [[name, raw[name]]] : [])),
  );
}
