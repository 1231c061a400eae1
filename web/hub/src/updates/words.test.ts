// An open rollout offers what can be done with it, and a finished one nothing.
import { expect, it } from "vitest";
import type { Rollout } from "../api/types";
import { actionsIn, canariesOf, isOpen, stageLabel } from "./words";

it("offers what a state allows", () => {
  expect(actionsIn("running")).toEqual(["pause", "cancel"]);
  expect(actionsIn("halted")).toEqual(["resume", "cancel"]);
  expect(actionsIn("done")).toEqual([]);
  expect(isOpen({ state: "paused" } as Rollout)).toBe(true);
  expect(isOpen({ state: "cancelled" } as Rollout)).toBe(false);
});

it("counts stages from one, and a finished rollout is in its last", () => {
  expect(stageLabel({ stage: 0, stages: 3 } as Rollout)).toBe("Etapa 1 de 3");
  expect(stageLabel({ stage: 3, stages: 3 } as Rollout)).toBe("Etapa 3 de 3");
});

it("takes the first boxes however they are set apart", () => {
  expect(canariesOf(" vale/caixa-01, serra/caixa-02\nmar/caixa-01 ")).toEqual([
    "vale/caixa-01",
    "serra/caixa-02",
    "mar/caixa-01",
  ]);
  expect(canariesOf("  ")).toEqual([]);
});
