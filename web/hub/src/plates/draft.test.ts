// What is typed becomes a search in the city's time, or a reason why not.
import { expect, it } from "vitest";
import { changesOf, draftOf } from "./draft";

const ZONE = "America/Sao_Paulo";
const empty = draftOf({}, ZONE);

it("shows and searches the same moment in the city's time", () => {
  const draft = draftOf({ placa: "ABC", de: "2026-11-24T15:00:00.000Z" }, ZONE);
  expect(draft.de).toBe("24/11/2026 12:00:00");
  expect(changesOf(draft, ZONE)).toEqual({
    changes: { placa: "ABC", de: "2026-11-24T15:00:00.000Z" },
  });
});

it("refuses a period that ends before it begins", () => {
  const draft = { ...empty, de: "24/11/2026 12:00", ate: "24/11/2026 11:00" };
  expect(changesOf(draft, ZONE)).toEqual({ periodError: "O fim precisa ser depois do início." });
});

it("does not search by a date that it cannot read", () => {
  expect(changesOf({ ...empty, de: "ontem" }, ZONE)).toEqual({ periodError: null });
});

it("takes a cleared field out of the search", () => {
  expect(changesOf({ ...empty, cor: "  " }, ZONE)).toEqual({ changes: {} });
});
