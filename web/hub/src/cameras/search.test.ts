import { expect, it } from "vitest";
import { readFootageSearch } from "./search";

it("keeps which video is open, live or recorded, and nothing else", () => {
  expect(readFootageSearch({ camera: "c1", aovivo: "baixa" })).toMatchObject({ aovivo: "baixa" });
  expect(readFootageSearch({ camera: 7, aovivo: "sim", inicio: "ontem" })).toEqual({
    camera: "7",
    aovivo: undefined,
    inicio: undefined,
  });
});
