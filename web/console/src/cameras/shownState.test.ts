import { expect, it } from "vitest";
import { shownState } from "./shownState";

it("does not blame a camera's signal for the box's disk", () => {
  expect(shownState({ state: "offline", fault: "disk" }).label).toBe("Não grava");
  expect(shownState({ state: "offline", fault: "camera" }).label).toBe("Sem sinal");
});

it("says of a camera that is there what it is", () => {
  expect(shownState({ state: "online", fault: "disk" }).label).toBe("Ao vivo");
  expect(shownState({ state: "connecting", fault: "camera" }).label).toBe("Conectando");
});
