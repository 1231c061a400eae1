// What a change of plan does to footage that exists.
import type { Plan } from "../api/types";

/** Whether the change takes days away, and so has the boxes delete footage. */
export const shrinks = (from: Plan, to: Plan): boolean => to.retention_days < from.retention_days;

/** As it is told before it is done. */
export const lossText = ({ retention_days }: Plan): string =>
  `Ao salvar, as caixas apagam as gravações com mais de ${retention_days} dias, ` +
  "menos as preservadas. O que foi apagado não volta, nem com um plano maior.";
