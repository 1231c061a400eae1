// Each role sees only what it can do.
import { expect, it } from "vitest";
import { entriesFor, homeOf, mayOpen } from "./navigation";

it.each([
  [
    "visualizador",
    [
      "Placas",
      "Alertas",
      "Monitoradas",
      "Estatísticas",
      "Exportações",
      "Câmeras",
      "Mosaicos",
      "Recortes",
      "Privacidade",
    ],
  ],
  [
    "gestor",
    [
      "Placas",
      "Alertas",
      "Monitoradas",
      "Estatísticas",
      "Exportações",
      "Câmeras",
      "Mosaicos",
      "Recortes",
      "Caixas",
      "Pessoas",
      "Guarda de placas",
      "Privacidade",
    ],
  ],
  ["auditor", ["Caixas", "Guarda de placas", "Auditoria", "Privacidade"]],
  [
    "admin",
    [
      "Placas",
      "Alertas",
      "Monitoradas",
      "Estatísticas",
      "Exportações",
      "Câmeras",
      "Mosaicos",
      "Recortes",
      "Caixas",
      "Atualizações",
      "Prefeituras",
      "Pessoas",
      "Guarda de placas",
      "Auditoria",
      "Privacidade",
    ],
  ],
] as const)("%s sees %j", (role, labels) => {
  expect(entriesFor(role).map(({ label }) => label)).toEqual(labels);
});

it("does not open a page of another role by its address", () => {
  expect(mayOpen("/auditoria", "gestor")).toBe(false);
  expect(mayOpen("/prefeituras", "gestor")).toBe(false);
  expect(mayOpen("/caixas", "visualizador")).toBe(false);
  expect(mayOpen("/auditoria", "admin")).toBe(true);
});

it("does not offer what names plates to whom the city hides them", () => {
  expect(entriesFor("visualizador", false).map(({ label }) => label)).toEqual([
    "Placas",
    "Câmeras",
    "Mosaicos",
    "Recortes",
    "Privacidade",
  ]);
});

it("takes each role home to a page that it may open", () => {
  expect(homeOf("gestor")).toBe("/");
  expect(homeOf("auditor")).toBe("/caixas");
});
