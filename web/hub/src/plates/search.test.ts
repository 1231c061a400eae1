// The search in the address, and as the API is asked.
import { expect, it } from "vitest";
import { countMore, filtersOf, isFiltered, isOpenEnded, readPlateSearch, searchOf } from "./search";

it("reads what the address holds and drops what it does not know", () => {
  expect(readPlateSearch({ placa: 1234, camera: "c1", outro: "x", de: null })).toEqual({
    placa: "1234",
    camera: "c1",
  });
});

it("asks for the plate as it is stored", () => {
  expect(filtersOf({ placa: "abc-1?", prefeitura: "sao-bento", read: "9" })).toEqual({
    plate: "ABC1?",
    match: "exact",
    order: "newest",
    city: "sao-bento",
  });
});

it("is refreshed unless it ends in the past", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(isOpenEnded({}, now)).toBe(true);
  expect(isOpenEnded({ until: "2026-11-24T13:00:00Z" }, now)).toBe(true);
  expect(isOpenEnded({ until: "2026-11-24T11:00:00Z" }, now)).toBe(false);
  expect(isOpenEnded({ order: "oldest" }, now)).toBe(false);
});

it("a saved search opens as it was saved", () => {
  const search = {
    placa: "ABC1*",
    parecidas: "sim",
    de: "2026-11-24T11:00:00Z",
    ate: "2026-11-24T12:00:00Z",
    camera: "c1",
    prefeitura: "sao-bento",
    direcao: "forward",
    tipo: "car",
    cor: "red",
    marca: "Fiat",
    modelo: "Uno",
    confianca: "0.8",
    ordem: "antigas",
  };
  expect(searchOf({ ...filtersOf(search) })).toEqual(search);
  expect(searchOf({})).toEqual({});
});

it("does not ask for a confidence that is none", () => {
  expect(filtersOf({ confianca: "muita" }).min_confidence).toBeUndefined();
  expect(filtersOf({ confianca: "8" }).min_confidence).toBeUndefined();
});

it("knows what narrows a search from how it is shown", () => {
  expect(isFiltered({ ordem: "antigas", ver: "imagens", read: "9" })).toBe(false);
  expect(isFiltered({ cor: "red" })).toBe(true);
  expect(countMore({ placa: "ABC", cor: "red", confianca: "0.8" })).toBe(2);
});
