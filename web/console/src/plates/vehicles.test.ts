import { expect, it } from "vitest";
import type { PlateRead } from "../api/types";
import { vehiclesOf } from "./vehicles";

const read = (
  id: string,
  group: string | null,
  group_size: number,
  image_url: string | null = null,
) => ({ id, group, group_size, image_url }) as PlateRead;

it("shows the reads of one vehicle as one, with their number and a picture if any has one", () => {
  const reads = [
    read("4", "1", 3),
    read("3", null, 1),
    read("2", "1", 2, "/2.jpg"),
    read("1", "1", 1),
  ];
  expect(vehiclesOf(reads).map(({ read: { id }, reads }) => [id, reads])).toEqual([
    ["2", 3],
    ["3", 1],
  ]);
});
