// A smaller plan is told before it deletes.
import { expect, it } from "vitest";
import type { Plan } from "../api/types";
import { lossText, shrinks } from "./plan";

const plan = (retention_days: number): Plan => ({
  name: `Plano ${retention_days} dias`,
  retention_days,
});

it("warns of a plan with fewer days, and of no other", () => {
  expect(shrinks(plan(30), plan(7))).toBe(true);
  expect(shrinks(plan(7), plan(30))).toBe(false);
  expect(shrinks(plan(15), plan(15))).toBe(false);
});

it("names the age from which footage is deleted", () => {
  expect(lossText(plan(7))).toContain("mais de 7 dias");
});
