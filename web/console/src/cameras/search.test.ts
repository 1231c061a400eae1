import { describe, expect, it } from "vitest";
import { named } from "./search";

const CAMERAS = ["Câmera 2", "Câmera 10", "Praça da Sé", "Praça São João"].map((name) => ({
  name,
}));
const found = (typed: string) => named(CAMERAS, typed).map(({ name }) => name);

describe("searching cameras by name", () => {
  it("needs neither accents nor capitals", () => {
    expect(found("praca sao")).toEqual(["Praça São João"]);
    expect(found("SÉ")).toEqual(["Praça da Sé"]);
  });

  it("takes words in any order, and parts of them", () => {
    expect(found("joão praç")).toEqual(["Praça São João"]);
  });

  it("keeps the order of the list", () => {
    expect(found("câmera")).toEqual(["Câmera 2", "Câmera 10"]);
  });

  it("has first what begins with what was typed", () => {
    const cameras = ["Câmera 17", "Câmera 7", "Câmera 70"].map((name) => ({ name }));
    const names = named(cameras, "camera 7").map(({ name }) => name);
    expect(names).toEqual(["Câmera 7", "Câmera 70", "Câmera 17"]);
  });

  it("shows all while nothing is typed, and none where nothing fits", () => {
    expect(found("  ")).toHaveLength(CAMERAS.length);
    expect(found("rodoviária")).toEqual([]);
  });
});
