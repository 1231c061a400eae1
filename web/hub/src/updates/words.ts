// A rollout and what each box does of it, in words for people.
import type { Rollout, RolloutNode } from "../api/types";
import type { RolloutAction } from "./useUpdates";

type Tone = "ok" | "warn" | "bad" | "idle";

export const STATES: Record<Rollout["state"], readonly [string, Tone]> = {
  running: ["Em andamento", "ok"],
  paused: ["Pausada", "warn"],
  halted: ["Parada por falha", "bad"],
  cancelled: ["Cancelada", "idle"],
  done: ["Concluída", "ok"],
};

export const NODE_STATES: Record<RolloutNode["state"], readonly [string, Tone]> = {
  waiting: ["Aguardando a vez", "idle"],
  ordered: ["Instalando", "warn"],
  watched: ["Em observação", "warn"],
  done: ["Atualizada", "ok"],
  failed: ["Falhou", "bad"],
  "rolled-back": ["Voltou à versão anterior", "bad"],
};

export const ACTION_LABELS: Record<RolloutAction, string> = {
  pause: "Pausar",
  resume: "Retomar",
  cancel: "Cancelar a atualização",
};

/** What may be done in a state. The hub decides; this only offers. */
export function actionsIn(state: Rollout["state"]): readonly RolloutAction[] {
  if (state === "running") return ["pause", "cancel"];
  return state === "paused" || state === "halted" ? ["resume", "cancel"] : [];
}

export const isOpen = ({ state }: Rollout): boolean => actionsIn(state).length > 0;

/** "Etapa 2 de 4"; the API counts from 0. */
export const stageLabel = ({ stage, stages }: Rollout): string =>
  `Etapa ${Math.min(stage + 1, stages)} de ${stages}`;

/** `vale/caixa-01, serra/caixa-02` or one a line. */
export const canariesOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((name) => name.trim())
    .filter(Boolean);
