// What a box can be told to do, how that went, and where it differs, in words for people.
import type { Camera, NodeCommand } from "../api/types";

export const ACTIONS: Record<string, string> = {
  "run-doctor": "Diagnóstico",
  "collect-logs": "Registros (log)",
  "probe-camera": "Testar câmera",
  "restart-agent": "Reiniciar o agente",
  "open-uplink": "Abrir vídeo",
  "upload-images": "Enviar imagens de placas",
  "make-clip": "Fazer recorte",
  "upload-clip": "Enviar recorte",
  "install-release": "Instalar versão",
  "erase-plate": "Eliminar placa (LGPD)",
};

export const STATES: Record<NodeCommand["state"], string> = {
  waiting: "Aguardando",
  done: "Feito",
  failed: "Falhou",
  expired: "Sem resposta",
};

const FIELDS: Record<string, string> = {
  retention_days: "Dias de gravação",
  "plates/retention_days": "Dias de guarda das placas",
  "plates/viewers_see_plates": "Visualizadores veem placas",
  name: "nome",
  rtsp_url: "endereço do vídeo",
  sub_rtsp_url: "endereço do vídeo menor",
  role: "perfil",
  password_hash: "senha",
  lpr: "leitura de placas",
};

/** `cameras/<id>/name` becomes «Câmera Praça: nome». */
export function fieldLabel(field: string, cameras: readonly Camera[]): string {
  const [kind, id, ...rest] = field.split("/");
  const of = rest.map((part) => FIELDS[part] ?? part).join(" ");
  const after = of && `: ${of}`;
  if (kind === "cameras" && id) {
    return `Câmera ${cameras.find((camera) => camera.id === id)?.name ?? id}${after}`;
  }
  if (kind === "users" && id) return `Pessoa ${id}${after}`;
  return FIELDS[field] ?? field;
}

/** A value of the configuration, as people read it. */
export function valueText(value: unknown, secret: boolean): string {
  if (secret) return "•••";
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return value ? "sim" : "não";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
