// A search of the audit trail is shared by its address.
import { expect, it } from "vitest";
import { isFiltered, readAuditSearch, toQuery } from "./search";

it("keeps what it knows of an address, numbers as texts", () => {
  const search = readAuditSearch({ quem: 1234, acao: "login", pagina: 3 });
  expect(search).toEqual({ quem: "1234", acao: "login" });
  expect(isFiltered(search)).toBe(true);
  expect(isFiltered(readAuditSearch({}))).toBe(false);
});

it("asks the API in its words", () => {
  expect(toQuery({ quem: "gestora", de: "2026-11-24T03:00:00Z" })).toEqual({
    actor: "gestora",
    since: "2026-11-24T03:00:00Z",
  });
});
