// Each role sees only what it can do.
import { expect, it } from "vitest";
import { entriesFor, mayOpen } from "./navigation";

it.each([
  ["visualizador", ["Placas", "Câmeras"]],
  ["gestor", ["Placas", "Câmeras", "Caixas"]],
  ["admin", ["Placas", "Câmeras", "Caixas", "Auditoria"]],
] as const)("%s sees %j", (role, labels) => {
  expect(entriesFor(role).map(({ label }) => label)).toEqual(labels);
});

it("does not open a page of another role by its address", () => {
  expect(mayOpen("/auditoria", "gestor")).toBe(false);
  expect(mayOpen("/caixas", "visualizador")).toBe(false);
  expect(mayOpen("/auditoria", "admin")).toBe(true);
});
