// The search in the address, and as the API is asked.
import { expect, it } from "vitest";
import { filtersOf, isOpenEnded, readPlateSearch } from "./search";

it("reads what the address holds and drops what it does not know", () => {
  expect(readPlateSearch({ placa: 1234, camera: "c1", outro: "x", de: null })).toEqual({
    placa: "1234",
    camera: "c1",
  });
});

it("asks for the plate as it is stored", () => {
  expect(filtersOf({ placa: "abc-1?", prefeitura: "sao-bento", read: "9" })).toEqual({
    plate: "ABC1?",
    city: "sao-bento",
    since: undefined,
    until: undefined,
    camera: undefined,
  });
});

it("is refreshed unless it ends in the past", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  expect(isOpenEnded({}, now)).toBe(true);
  expect(isOpenEnded({ until: "2026-11-24T13:00:00Z" }, now)).toBe(true);
  expect(isOpenEnded({ until: "2026-11-24T11:00:00Z" }, now)).toBe(false);
});
