// What a person typed, as an order for a clip.
import { parseDateTime, toIso } from "@gtvision/shared/time";
import type { ClipOrder } from "../api/types";

export interface ClipForm {
  cameras: readonly string[];
  start: string;
  end: string;
  reason: string;
}

/** The order, or what keeps it from being one, in words. */
export function orderOf(form: ClipForm, timeZone: string): ClipOrder | string {
  const startUtc = parseDateTime(form.start, timeZone);
  const endUtc = parseDateTime(form.end, timeZone);
  if (form.cameras.length === 0) return "Escolha ao menos uma câmera.";
  if (startUtc === null || endUtc === null) return "Informe o início e o fim.";
  if (startUtc >= endUtc) return "O início precisa ser antes do fim.";
  if (form.reason.trim().length < 3) return "Escreva o motivo: ele fica no manifesto assinado.";
  const start = toIso(startUtc);
  const end = toIso(endUtc);
  return {
    spans: form.cameras.map((camera) => ({ camera, start, end })),
    reason: form.reason.trim(),
  };
}
