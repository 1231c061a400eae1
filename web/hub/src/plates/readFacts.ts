// What is told of one read, in words. No I/O.
import {
  confidenceLabel,
  directionLabel,
  formatPlate,
  speedLabel,
  vehicleColorLabel,
  vehicleTypeLabel,
} from "@gtvision/shared/plates";
import { formatDateTime, toUtcMs } from "@gtvision/shared/time";
import type { PlateRead, PlateReadDetail } from "../api/types";
import { formatBytes } from "../shell/bytes";
import { formatMinutes } from "../vehicle/summary";
import { vendorLabel } from "./vendors";

export interface Fact {
  name: string;
  value: string;
  /** Should be looked at before the read is believed. */
  doubtful?: boolean;
}

/** Below this the picture should be looked at before the plate is believed. */
export const DOUBTFUL = 0.8;

const UNKNOWN = "Não informado";

const fact = (name: string, value: string | null | undefined): Fact => ({
  name,
  value: value || UNKNOWN,
});

export function passageFacts(read: PlateRead, timeZone: string): Fact[] {
  return [
    fact("Horário", formatDateTime(read.captured_at, timeZone)),
    fact("Câmera", read.camera.name),
    fact("Prefeitura", read.city.name),
    fact("Direção", directionLabel(read.direction)),
    fact("Faixa", read.lane?.toString()),
    fact("Velocidade", speedLabel(read.speed_kmh)),
  ];
}

export function vehicleFacts(read: PlateRead): Fact[] {
  return [
    fact("Tipo", vehicleTypeLabel(read.vehicle_type)),
    fact("Cor", capitalized(vehicleColorLabel(read.vehicle_color))),
    fact("Marca", read.vehicle_make),
    fact("Modelo", read.vehicle_model),
    fact("País e região", originOf(read)),
  ];
}

const capitalized = (word: string | null) => word && word.charAt(0).toUpperCase() + word.slice(1);

/** A region mostly has its country's name before it: "br-sp". */
function originOf({ country, region }: PlateRead): string {
  return (region || country || "").toUpperCase();
}

export function readingFacts(read: PlateReadDetail): Fact[] {
  const { confidence, candidates } = read;
  return [
    {
      ...fact("Confiança", confidenceLabel(confidence)),
      doubtful: confidence !== null && confidence < DOUBTFUL,
    },
    ...(candidates.length > 0 ? [fact("Também possível", candidatesText(candidates))] : []),
    fact("Origem", vendorLabel(read.vendor)),
  ];
}

function candidatesText(candidates: PlateReadDetail["candidates"]): string {
  return candidates
    .map(({ plate, confidence }) =>
      [formatPlate(plate), confidenceLabel(confidence)].filter(Boolean).join(" "),
    )
    .join(", ");
}

export function clockFacts(read: PlateReadDetail, timeZone: string): Fact[] {
  return [
    cameraClock(read, timeZone),
    fact("Recebida na caixa", formatDateTime(read.received_at, timeZone)),
    fact("Guardada na central", formatDateTime(read.stored_at, timeZone)),
  ];
}

/** The camera's own time is kept only where the box had to put it right (docs/adr/0024). */
function cameraClock(read: PlateReadDetail, timeZone: string): Fact {
  const { camera_at, camera_clock, captured_at } = read;
  const name = "Relógio da câmera";
  if (camera_at === null && camera_clock !== null) {
    const value = `Escreveu “${camera_clock}”, que não é um horário; vale o da caixa`;
    return { name, value, doubtful: true };
  }
  if (camera_at === null) return fact(name, "Sem desvio conhecido");
  const behindMs = toUtcMs(captured_at) - toUtcMs(camera_at);
  const way = behindMs > 0 ? "atrasado" : "adiantado";
  const off = `${formatMinutes(Math.abs(behindMs) / 60_000)} ${way}`;
  const value = `Marcava ${formatDateTime(camera_at, timeZone)}, ${off}; o horário foi corrigido pela caixa`;
  return { name, value, doubtful: true };
}

export function imageFacts({ image_sha256, image_size_bytes }: PlateReadDetail): Fact[] {
  if (!image_sha256) return [fact("Imagem", "A câmera não mandou")];
  return [
    ...(image_size_bytes === null ? [] : [fact("Tamanho", formatBytes(image_size_bytes))]),
    fact("SHA-256", image_sha256),
  ];
}
