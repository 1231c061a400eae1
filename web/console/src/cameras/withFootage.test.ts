import { expect, it } from "vitest";
import type { Camera, RemovedCamera } from "../api/types";
import { lastMoments, withFootage } from "./withFootage";

const GONE: RemovedCamera = {
  id: "x",
  name: "Coreto",
  footage_start: "2026-11-01T12:00:00Z",
  footage_end: "2026-11-20T12:00:00Z",
  kept_until: "2026-12-20T12:00:00Z",
};

it("offers removed cameras after the others, and says that they are", () => {
  const cameras = [{ id: "a", name: "Avenida" }] as Camera[];
  expect(withFootage(cameras, [GONE]).map(({ name }) => name)).toEqual([
    "Avenida",
    "Coreto (removida)",
  ]);
});

it("plays the last minutes of a removed camera, or all where it is less", () => {
  expect(lastMoments(GONE)).toBe(Date.parse("2026-11-20T11:55:00Z"));
  const short = { ...GONE, footage_start: "2026-11-20T11:59:00Z" };
  expect(lastMoments(short)).toBe(Date.parse("2026-11-20T11:59:00Z"));
});
