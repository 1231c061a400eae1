// Deadlines and steps as people read them.
import { expect, it } from "vitest";
import { dayText, deadlineText, stepText, urgencyOf } from "./words";

it.each([
  [15, "vence em 15 dias"],
  [1, "vence em 1 dia"],
  [0, "vence hoje"],
  [-1, "venceu há 1 dia"],
  [-20, "venceu há 20 dias"],
])("tells %i days left", (days, words) => {
  expect(deadlineText(days)).toBe(words);
});

it("is urgent in the last three days, and late after the last one", () => {
  expect(urgencyOf({ state: "received", days_left: 4 })).toBe("ok");
  expect(urgencyOf({ state: "analysis", days_left: 3 })).toBe("warn");
  expect(urgencyOf({ state: "analysis", days_left: 0 })).toBe("warn");
  expect(urgencyOf({ state: "received", days_left: -1 })).toBe("bad");
  expect(urgencyOf({ state: "fulfilled", days_left: -30 })).toBeNull();
});

it("tells a calendar day as it is, wherever the browser is", () => {
  expect(dayText("2026-12-01")).toBe("01/12/2026");
});

it("tells what an erasure left", () => {
  const details = { removed: 12, held: 3, boxes: 2 };
  expect(stepText({ step: "erased", details, at: "", by: "" })).toBe(
    "Dados da placa eliminados: 12 leituras; sob guarda judicial ficaram 3; caixas avisadas: 2",
  );
  expect(stepText({ step: "analysis", details: {}, at: "", by: "" })).toBe("Análise iniciada");
});
