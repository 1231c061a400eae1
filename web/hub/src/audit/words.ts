// The details of an audit entry in Portuguese.

import { formatDateTime } from "@gtvision/shared/time";

const NAMES: Record<string, string> = {
  actor: "quem",
  action: "ação",
  added_at: "adicionada em",
  address: "endereço",
  box: "caixa",
  camera: "câmera",
  city: "prefeitura",
  clip: "recorte",
  continued: "página seguinte",
  count: "quantas",
  end: "fim",
  entrance: "entrada",
  direction: "direção",
  fields: "campos",
  filters: "filtros",
  format: "formato",
  kind: "lista",
  match: "comparação",
  min_confidence: "confiança mínima",
  order: "ordem",
  pattern: "placa",
  plate: "placa",
  purpose: "finalidade",
  reason: "motivo",
  results: "resultados",
  role: "perfil",
  session: "sessão",
  similar: "também parecidas",
  since: "de",
  start: "início",
  target: "alvo",
  until: "até",
  why: "causa",
  vehicle_color: "cor",
  vehicle_make: "marca",
  vehicle_model: "modelo",
  vehicle_type: "tipo",
};

/** "placa: ABC1D23 · resultados: 3" */
export function detailText(details: Record<string, unknown>, timeZone: string): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== "" && value !== false)
    .map(([name, value]) => `${NAMES[name] ?? name}: ${valueText(value, timeZone)}`)
    .join(" · ");
}

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}/;

function valueText(value: unknown, timeZone: string): string {
  if (value === true) return "sim";
  if (Array.isArray(value)) return value.map((item) => valueText(item, timeZone)).join(", ");
  if (typeof value === "object" && value !== null) {
    return detailText(value as Record<string, unknown>, timeZone) || "nenhum";
  }
  const text = String(value);
  return INSTANT.test(text) ? formatDateTime(text.replace(" ", "T"), timeZone) : text;
}
