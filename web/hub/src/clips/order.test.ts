import { expect, it } from "vitest";
import { orderOf } from "./order";

const ZONE = "America/Sao_Paulo";
const NOW = Date.parse("2026-11-24T15:00:00Z"); // noon in the city
const typed = {
  camera: "c1",
  start: "24/11/2026 11:00",
  end: "24/11/2026 11:05",
  reason: " BO 1 ",
};

it("orders the period of the city's time", () => {
  expect(orderOf(typed, ZONE, NOW)).toEqual({
    camera: "c1",
    start: "2026-11-24T14:00:00.000Z",
    end: "2026-11-24T14:05:00.000Z",
    reason: "BO 1",
  });
});

it.each([
  [{ camera: undefined }, "Escolha a câmera."],
  [{ start: "ontem" }, "Escreva início e fim como 31/12/2026 08:30."],
  [{ end: "24/11/2026 10:59" }, "O fim precisa ser depois do início."],
  [{ end: "24/11/2026 12:01" }, "O trecho ainda não terminou: escolha um fim que já passou."],
  [{ start: "24/11/2026 09:00" }, "Um recorte tem no máximo uma hora."],
  [{ reason: "  " }, "Escreva o motivo."],
])("says what is wrong with %j", (changes, words) => {
  expect(orderOf({ ...typed, ...changes }, ZONE, NOW)).toBe(words);
});
