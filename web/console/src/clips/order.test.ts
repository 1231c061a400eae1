import { expect, it } from "vitest";
import { holdOf, orderOf } from "./order";

const ZONE = "America/Sao_Paulo";
const FORM = {
  cameras: ["a", "b"],
  start: "24/11/2026 08:30:00",
  end: "24/11/2026 08:31:30",
  reason: " Ocorrência 7 ",
};

it("is the same span of each camera, in UTC", () => {
  const span = { start: "2026-11-24T11:30:00.000Z", end: "2026-11-24T11:31:30.000Z" };
  expect(orderOf(FORM, ZONE)).toEqual({
    spans: [
      { camera: "a", ...span },
      { camera: "b", ...span },
    ],
    reason: "Ocorrência 7",
  });
});

it.each([
  [{ cameras: [] }, /câmera/],
  [{ start: "ontem" }, /início e o fim/],
  [{ end: FORM.start }, /antes do fim/],
  [{ reason: " " }, /motivo/],
])("says what is missing: %o", (change, words) => {
  expect(orderOf({ ...FORM, ...change }, ZONE)).toMatch(words);
});

const HOLD = { camera: "a", start: FORM.start, end: FORM.end, reason: " Ofício 12 " };

it("holds one camera's footage, in UTC", () => {
  expect(holdOf(HOLD, ZONE)).toEqual({
    camera: "a",
    start: "2026-11-24T11:30:00.000Z",
    end: "2026-11-24T11:31:30.000Z",
    reason: "Ofício 12",
  });
});

it.each([
  [{ camera: "" }, /câmera/],
  [{ start: "ontem" }, /início e o fim/],
  [{ end: FORM.start }, /antes do fim/],
  [{ reason: "x" }, /motivo/],
])("says what is missing of a hold: %o", (change, words) => {
  expect(holdOf({ ...HOLD, ...change }, ZONE)).toMatch(words);
});

it("holds no more cameras than the box cuts into one clip", () => {
  const cameras = Array.from({ length: 17 }, (_, n) => `c${n}`);
  expect(orderOf({ ...FORM, cameras }, ZONE)).toContain("no máximo 16");
});
