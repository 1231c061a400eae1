import { expect, it } from "vitest";
import { passagesOf } from "./passages";

const read = (id: string, passage: string, image_url: string | null = null) => ({
  id,
  passage,
  image_url,
});

it("shows the reads of one vehicle as one, with their number and a picture if any has one", () => {
  const reads = [read("4", "1"), read("3", "3"), read("2", "1", "/2.jpg"), read("1", "1")];
  const passages = passagesOf(reads, ({ passage }) => passage);
  expect(passages.map(({ id, shown, reads }) => [id, shown.id, reads.length])).toEqual([
    ["1", "2", 3],
    ["3", "3", 1],
  ]);
});
