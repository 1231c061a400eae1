// The open read in a page's address.
import { expect, it } from "vitest";
import { isClosing, NO_READ, openRead, readOpenRead } from "./openRead";

const AT = "2026-11-25T15:00:00.123456Z";

it("is opened by its id and its exact instant, and so is a colleague's", () => {
  const open = openRead({ id: 9, captured_at: AT });
  expect(readOpenRead({ ...open })).toEqual(open);
  expect(readOpenRead({ read: 9, em: AT, gravacao: "sim" })).toEqual({ ...open, gravacao: "sim" });
});

it("is none without its instant", () => {
  expect(readOpenRead({ read: "9" })).toEqual({});
  expect(readOpenRead({ em: AT, gravacao: "sim" })).toEqual({});
});

it("takes no place in the history when it is closed", () => {
  expect(isClosing(NO_READ)).toBe(true);
  expect(isClosing({ gravacao: "sim" })).toBe(false);
});
