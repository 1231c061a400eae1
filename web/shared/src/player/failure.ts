// Why a video does not play, in words a guard can act on.
import { ApiProblem } from "../api";

export type FailureKind =
  | "box-offline"
  | "no-footage"
  | "timeout"
  | "session-ended"
  | "line-full"
  | "network"
  | "unplayable"
  | "codec";

export interface PlaybackFailure {
  kind: FailureKind;
  title: string;
  detail: string;
}

const WORDS: Record<FailureKind, [title: string, detail: string]> = {
  "box-offline": [
    "Caixa sem conexão",
    "A caixa que guarda esta gravação está sem conexão com a central. A gravação continua guardada nela.",
  ],
  "no-footage": [
    "Sem gravação neste horário",
    "A câmera não tem imagens gravadas no horário pedido.",
  ],
  timeout: ["Tempo esgotado", "A caixa demorou demais para responder."],
  "session-ended": ["A sessão de vídeo terminou", "Abra o vídeo de novo para continuar."],
  "line-full": [
    "A conexão da caixa está ocupada",
    "Outros vídeos desta caixa estão abertos. Feche um deles ou assista em qualidade baixa.",
  ],
  network: ["Sem conexão com o servidor", "Verifique a rede e tente de novo."],
  unplayable: [
    "Não foi possível mostrar este vídeo",
    "O navegador não conseguiu reproduzir a gravação.",
  ],
  codec: [
    "Este navegador não mostra H.265",
    "Esta câmera usa H.265. Abra no Chrome ou no Edge, num computador cuja placa de vídeo o decodifique, ou exporte um recorte e abra-o no VLC. Para as próximas gravações, mude a câmera para H.264.",
  ],
};

const KIND_BY_STATUS: Record<number, FailureKind> = {
  0: "network",
  401: "session-ended",
  403: "session-ended",
  404: "no-footage",
  408: "timeout",
  409: "box-offline",
  410: "session-ended",
  502: "box-offline",
  503: "box-offline",
  504: "timeout",
};

/** Refusals that their status alone does not tell from others. */
const KIND_BY_CODE: Record<string, FailureKind> = {
  "line-full": "line-full",
  "live-over": "session-ended",
};

export function failure(kind: FailureKind, detail?: string): PlaybackFailure {
  const [title, standard] = WORDS[kind];
  return { kind, title, detail: detail || standard };
}

/** The failure that an HTTP answer stands for; `body` is the text of its problem+json, if any. */
export function failureFromResponse(status: number, body: string | null): PlaybackFailure {
  return failure(KIND_BY_STATUS[status] ?? "unplayable", problemDetail(body));
}

/** The failure of asking for a video (opening a relay session), before any video is loaded. */
export function failureFromError(error: unknown): PlaybackFailure {
  const problem = ApiProblem.from(error);
  const kind = KIND_BY_CODE[problem.code] ?? KIND_BY_STATUS[problem.status];
  if (kind === "network") return failure(kind);
  // A camera that is not there, or a period that is refused, has its own words from the server.
  if (!kind || kind === "no-footage") {
    return { kind: "unplayable", title: problem.title, detail: problem.detail };
  }
  return failure(kind, problem.detail);
}

function problemDetail(body: string | null): string | undefined {
  if (!body) return undefined;
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === "string" ? detail : undefined;
  } catch {
    return undefined;
  }
}
