// The address of the page of privacy, and who may open which of its parts.
import { expect, it } from "vitest";
import { openTab, readPrivacySearch, tabsFor } from "./search";

it("keeps what it knows of an address", () => {
  const read = readPrivacySearch({
    aba: "acessos",
    quem: 1234,
    placa: "ABC1D23",
    tipo: "x",
    mostrar: "todos",
    de: "2026-11-01T03:00:00Z",
    pagina: 3,
  });
  expect(JSON.parse(JSON.stringify(read))).toEqual({
    aba: "acessos",
    quem: "1234",
    placa: "ABC1D23",
    de: "2026-11-01T03:00:00Z",
  });
  expect(readPrivacySearch({ tipo: "erasure", mostrar: "atrasados", relatorio: "ripd" })).toEqual({
    tipo: "erasure",
    mostrar: "atrasados",
    relatorio: "ripd",
    aba: undefined,
  });
});

it("opens for each role only what it may see", () => {
  expect(tabsFor("visualizador").map(({ tab }) => tab)).toEqual(["documentos"]);
  expect(tabsFor("operador").map(({ tab }) => tab)).toEqual(["documentos"]);
  expect(tabsFor("auditor").map(({ tab }) => tab)).not.toContain("guardas");
  expect(openTab("visualizador", "pedidos")).toBe("documentos");
  expect(openTab("gestor", undefined)).toBe("pedidos");
  expect(openTab("gestor", "guardas")).toBe("guardas");
});
