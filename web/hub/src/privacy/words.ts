// Requests of the people concerned in words.
import type { Tone } from "@gtvision/shared/ui";
import type { PrivacyRequest, PrivacyRequestDetail } from "../api/types";

export const REQUEST_KINDS: Record<PrivacyRequest["kind"], string> = {
  access: "Confirmação e acesso",
  correction: "Correção",
  erasure: "Anonimização ou eliminação",
  sharing: "Informação sobre compartilhamento",
};

export const REQUEST_STATES: Record<PrivacyRequest["state"], readonly [Tone, string]> = {
  received: ["warn", "Recebido"],
  analysis: ["warn", "Em análise"],
  fulfilled: ["ok", "Atendido"],
  refused: ["idle", "Recusado"],
};

/** By the article that allows it. */
export const BASES = {
  identity: "Identidade ou titularidade não comprovada (art. 18, § 3º)",
  "no-data": "Não há dados pessoais do titular",
  "other-agent": "Não é agente de tratamento destes dados (art. 18, § 4º, I)",
  "legal-duty": "Obrigação legal ou regulatória de conservar (art. 16, I)",
  "legal-hold": "Guarda judicial ou exercício de direitos em processo (art. 7º, VI)",
  "public-security": "Segurança pública e investigação (art. 4º, III)",
  impossible: "Razões de fato que impedem a providência (art. 18, § 4º, II)",
} as const;

type Step = PrivacyRequestDetail["steps"][number];

const STEPS: Record<Step["step"], string> = {
  opened: "Pedido registrado",
  analysis: "Análise iniciada",
  report: "Relatório gerado",
  erased: "Dados da placa eliminados",
  fulfilled: "Pedido atendido",
  refused: "Pedido recusado",
  overdue: "Prazo vencido sem resposta",
};

export function stepText({ step, details }: Step): string {
  const count = (name: string) => Number(details[name] ?? 0);
  switch (step) {
    case "report":
      return `${STEPS.report} (${String(details.format).toUpperCase()}): ${count("reads")} leituras, ${count("looks")} acessos`;
    case "erased":
      return `${STEPS.erased}: ${count("removed")} leituras; sob guarda judicial ficaram ${count("held")}; caixas avisadas: ${count("boxes")}`;
    default:
      return STEPS[step];
  }
}

/** "hoje", "em 3 dias", "há 2 dias": when the term ends, or ended. */
export function deadlineText(daysLeft: number): string {
  if (daysLeft === 0) return "vence hoje";
  const days = Math.abs(daysLeft) === 1 ? "1 dia" : `${Math.abs(daysLeft)} dias`;
  return daysLeft > 0 ? `vence em ${days}` : `venceu há ${days}`;
}

/** How urgent an open request is; null: it is closed. */
export function urgencyOf({
  state,
  days_left,
}: Pick<PrivacyRequest, "state" | "days_left">): Tone | null {
  if (state === "fulfilled" || state === "refused") return null;
  if (days_left < 0) return "bad";
  return days_left <= 3 ? "warn" : "ok";
}

/** "2026-12-10" as 10/12/2026: a calendar day has no time zone. */
export function dayText(day: string): string {
  return day.split("-").toReversed().join("/");
}
