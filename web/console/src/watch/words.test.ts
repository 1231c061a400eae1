import { expect, it } from "vitest";
import type { WatchEntry } from "../api/types";
import { gravest, reasonsOf } from "./words";

const entry = (kind: WatchEntry["kind"], reason = ""): WatchEntry => ({ id: kind, kind, reason });

it("speaks of the gravest of a plate's entries, and tells every reason once", () => {
  const entries = [entry("authorised", "Frota"), entry("wanted", "Mandado"), entry("stolen")];
  expect(gravest(entries)).toBe("stolen");
  expect(gravest([])).toBeNull();
  expect(reasonsOf([...entries, entry("wanted", "Mandado")])).toEqual([
    "Autorizado: Frota",
    "Procurado: Mandado",
    "Roubado",
  ]);
});
