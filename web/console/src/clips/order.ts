// What a person typed, as an order for a clip or for a hold.
import { parseDateTime, toIso } from "@gtvision/shared/time";
import type { ClipOrder, HoldOrder } from "../api/types";

/** What the box puts into one clip (evidence.domain.MAX_SPANS). */
const MAX_CAMERAS = 16;

export interface ClipForm {
  cameras: readonly string[];
  start: string;
  end: string;
  reason: string;
}

export interface HoldForm {
  camera: string;
  start: string;
  end: string;
  reason: string;
}

/** The order, or what keeps it from being one, in words. */
export function orderOf(form: ClipForm, timeZone: string): ClipOrder | string {
  if (form.cameras.length === 0) return "Escolha ao menos uma câmera.";
  if (form.cameras.length > MAX_CAMERAS) return `Escolha no máximo ${MAX_CAMERAS} câmeras.`;
  const period = periodOf(form, timeZone);
  if (typeof period === "string") return period;
  if (form.reason.trim().length < 3) return "Escreva o motivo: ele fica no manifesto assinado.";
  return {
    spans: form.cameras.map((camera) => ({ camera, ...period })),
    reason: form.reason.trim(),
  };
}

/** As `orderOf`, for footage that is to be kept past its plan. */
export function holdOf(form: HoldForm, timeZone: string): HoldOrder | string {
  if (!form.camera) return "Escolha a câmera.";
  const period = periodOf(form, timeZone);
  if (typeof period === "string") return period;
  if (form.reason.trim().length < 3) return "Escreva o motivo: quem libera depois decide por ele.";
  return { camera: form.camera, ...period, reason: form.reason.trim() };
}

type Period = { start: string; end: string };

function periodOf(form: Period, timeZone: string): Period | string {
  const startUtc = parseDateTime(form.start, timeZone);
  const endUtc = parseDateTime(form.end, timeZone);
  if (startUtc === null || endUtc === null) return "Informe o início e o fim.";
  if (startUtc >= endUtc) return "O início precisa ser antes do fim.";
  return { start: toIso(startUtc), end: toIso(endUtc) };
}
