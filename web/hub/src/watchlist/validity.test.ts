import { expect, it } from "vitest";
import { validityOf } from "./validity";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const [BEFORE, AFTER] = ["2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z"];

it.each([
  [null, null, "Valendo"],
  [BEFORE, AFTER, "Valendo"],
  [AFTER, null, "Ainda não vale"],
  [null, BEFORE, "Vencida"],
  [null, "2026-11-24T12:00:00Z", "Vencida"],
])("from %s until %s: %s", (valid_from, valid_until, label) => {
  expect(validityOf({ valid_from, valid_until }, NOW)[1]).toBe(label);
});
