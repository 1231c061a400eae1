import { expect, it } from "vitest";
import { shownBitRate } from "./figures";

it.each([
  [0, ""],
  [61_400, "61 kbit/s"],
  [512_000, "512 kbit/s"],
  [4_000_000, "4,0 Mbit/s"],
  [4_096_000, "4,1 Mbit/s"],
])("%i bit/s is “%s”", (bitrateBps, words) => expect(shownBitRate(bitrateBps)).toBe(words));
