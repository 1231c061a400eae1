// The errors of both APIs (application/problem+json) as one type with words for the person who reads it.

interface ProblemBody {
  type?: unknown;
  title?: unknown;
  detail?: unknown;
  errors?: unknown;
}

const TITLES: Record<number, string> = {
  0: "Sem conexão com o servidor",
  400: "Pedido inválido",
  401: "Acesso encerrado",
  403: "Sem permissão",
  404: "Não encontrado",
  409: "Não é possível agora",
  412: "Alterado por outra pessoa",
  429: "Muitas tentativas",
  503: "Serviço indisponível",
  504: "Tempo esgotado",
};

const DETAILS: Record<number, string> = {
  0: "Verifique a rede e tente de novo.",
  401: "Entre de novo com seu usuário e senha.",
  403: "Seu usuário não tem permissão para ver isto.",
  404: "O que você procura não existe ou não está disponível para você.",
  429: "Espere um minuto antes de tentar de novo.",
  503: "Tente de novo em alguns instantes.",
  504: "A resposta demorou demais. Tente de novo.",
};

const UNKNOWN_TITLE = "Algo deu errado";
const UNKNOWN_DETAIL = "Tente de novo. Se continuar, avise o suporte.";

/** A refused or failed request. Status 0 means that no answer came at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** For programs: the end of the problem's type, `urn:gtv:problem:<code>`; empty when there is none. */
  readonly code: string;
  /** Messages by field of the form, when the server names fields. */
  readonly fields: Record<string, string>;

  constructor(status: number, body: unknown) {
    const problem: ProblemBody = isObject(body) ? body : {};
    const title = TITLES[status] ?? UNKNOWN_TITLE;
    const detail = text(problem.detail) ?? DETAILS[status] ?? UNKNOWN_DETAIL;
    super(`${title}: ${detail}`);
    this.name = "ApiProblem";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.code = text(problem.type)?.replace(/^urn:gtv:problem:/, "") ?? "";
    this.fields = fieldMessages(problem.errors);
  }

  static from(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    // fetch() rejects with a TypeError when there is no network or no server.
    return new ApiProblem(error instanceof TypeError ? 0 : -1, null);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer of the typed client; throws ApiProblem for any other. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (error) {
    // A search given up because a newer one began is not an error to show.
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw ApiProblem.from(error);
  }
  if (!answer.response.ok) throw new ApiProblem(answer.response.status, answer.error);
  return answer.data as T;
}

/** For TanStack Query: a refusal stays a refusal, anything else is worth two more attempts. */
export function isWorthRetrying(failures: number, error: Error): boolean {
  const { status } = ApiProblem.from(error);
  const refused = status >= 400 && status < 500;
  return !refused && failures < 2;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function fieldMessages(errors: unknown): Record<string, string> {
  if (!isObject(errors)) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([field, messages]) => [
      field,
      Array.isArray(messages) ? messages.join(" ") : String(messages),
    ]),
  );
}
