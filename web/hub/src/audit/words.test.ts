// The audit trail is read by people.
import { expect, it } from "vitest";
import { actionLabel } from "./actions";
import { detailText } from "./words";

it("tells actions in Portuguese, and shows a new one as it is", () => {
  expect(actionLabel("plate-search")).toBe("Buscou placas");
  expect(actionLabel("brand-new")).toBe("brand-new");
});

it("tells details with the city's time", () => {
  const details = {
    filters: { plate: "ABC?", since: "2026-11-24 03:00:00+00:00" },
    results: 3,
    continued: false,
    fields: ["name", "lpr"],
  };
  expect(detailText(details, "America/Sao_Paulo")).toBe(
    "filtros: placa: ABC? · de: 24/11/2026 00:00:00 · resultados: 3 · campos: name, lpr",
  );
});
