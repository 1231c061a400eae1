import { expect, it } from "vitest";
import type { PathPoint } from "../api/types";
import { formatMinutes, numbersLabel, stopsOf, summaryOf } from "./summary";

function point(camera: string, km: number | null, impossible = false, latitude: number | null = 1) {
  const leg = km === null ? null : { minutes: 5, distance_km: km, impossible };
  const read = { camera: { id: camera, name: `Câmera ${camera}` } };
  return { read, latitude, longitude: 2, leg } as PathPoint;
}

const path = [point("a", null), point("b", 2), point("a", 2.5, true), point("c", 1, false, null)];

it("sums a path up", () => {
  expect(summaryOf(path)).toMatchObject({ reads: 4, cameras: 3, distanceKm: 5.5, impossible: 1 });
  expect(summaryOf([])).toBeNull();
});

it("puts each camera on the map once, with its places in the path, if it has a position", () => {
  expect(stopsOf(path).map(({ id, numbers }) => [id, numbers])).toEqual([
    ["a", [1, 3]],
    ["b", [2]],
  ]);
});

it.each([
  [0.5, "30 s"],
  [12.4, "12 min"],
  [185, "3 h 05 min"],
  [2880, "2 dias"],
])("%d minutes are %s", (minutes, text) => expect(formatMinutes(minutes)).toBe(text));

it("shortens long labels", () => {
  expect(numbersLabel([1, 3])).toBe("1, 3");
  expect(numbersLabel([1, 3, 5, 9])).toBe("1, 3 … 9");
});
