// The audit trail in Portuguese; a code without a translation is shown as it is, never hidden.

import { formatDateTime } from "@gtvision/shared/time";

const ACTIONS: Record<string, string> = {
  login: "Entrou no sistema",
  logout: "Saiu do sistema",
  "login-refused": "Tentativa de entrada recusada",
  "plate-search": "Buscou placas",
  playback: "Assistiu a uma gravação",
  "plate-path": "Viu o trajeto de uma placa",
  "plate-convoy": "Buscou veículos vistos juntos",
  "plate-statistics": "Viu estatísticas de placas",
  "plate-export": "Exportou placas",
  "plate-export-downloaded": "Baixou uma exportação",
  "plate-export-deleted": "Apagou uma exportação",
  "watchlist-entry-added": "Pôs placa em monitoramento",
  "watchlist-entry-removed": "Tirou placa de monitoramento",
  "webhook-added": "Cadastrou destino de alertas",
  "webhook-removed": "Removeu destino de alertas",
  "clip-ordered": "Pediu um recorte",
  "clip-downloaded": "Baixou um recorte",
  "clip-deleted": "Apagou um recorte",
  "city-added": "Cadastrou prefeitura",
  "city-changed": "Alterou prefeitura",
  "camera-added": "Cadastrou câmera",
  "camera-changed": "Alterou câmera",
  "camera-archived": "Tirou câmera de uso",
  "camera-adopted": "Câmera adicionada na caixa",
  "camera-refused": "Câmera da caixa recusada",
  "user-added": "Cadastrou usuário",
  "user-changed": "Alterou usuário",
  "node-added": "Cadastrou caixa",
  "node-enrolled": "Caixa conectada ao sistema",
  "enrolment-token-issued": "Gerou código de instalação de caixa",
};

const NAMES: Record<string, string> = {
  added_at: "adicionada em",
  address: "endereço",
  box: "caixa",
  camera: "câmera",
  city: "prefeitura",
  clip: "recorte",
  continued: "página seguinte",
  end: "fim",
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
  until: "até",
  vehicle_color: "cor",
  vehicle_make: "marca",
  vehicle_model: "modelo",
  vehicle_type: "tipo",
};

export function actionLabel(action: string): string {
  return ACTIONS[action] ?? action;
}

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
