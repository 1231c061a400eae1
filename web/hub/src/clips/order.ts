// What is typed into the order of a clip, checked before the hub is asked.
import { parseDateTime, toIso } from "@gtvision/shared/time";

export interface Typed {
  camera: string | undefined;
  /** As typed, in the city's time. */
  start: string;
  end: string;
  reason: string;
}

export interface Order {
  camera: string;
  start: string;
  end: string;
  reason: string;
}

/** The hub's limit. */
const MOST_MS = 3_600_000;

/** The order, or in words what is wrong. */
export function orderOf(
  { camera, start, end, reason }: Typed,
  timeZone: string,
  nowUtcMs: number,
): Order | string {
  const [from, to] = [parseDateTime(start, timeZone), parseDateTime(end, timeZone)];
  if (!camera) return "Escolha a câmera.";
  if (from === null || to === null) return "Escreva início e fim como 31/12/2026 08:30.";
  if (from >= to) return "O fim precisa ser depois do início.";
  if (to > nowUtcMs) return "O trecho ainda não terminou: escolha um fim que já passou.";
  if (to - from > MOST_MS) return "Um recorte tem no máximo uma hora.";
  if (reason.trim() === "") return "Escreva o motivo.";
  return { camera, start: toIso(from), end: toIso(to), reason: reason.trim() };
}
