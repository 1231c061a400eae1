// What footage can be exported or held of: the cameras that are there, and those of which only it is left.
import type { Camera, RemovedCamera } from "../api/types";
import type { PickedCamera } from "./CameraPicker";

export function withFootage(
  cameras: readonly Camera[],
  removed: readonly RemovedCamera[] = [],
): readonly PickedCamera[] {
  return [...cameras, ...removed.map(({ id, name }) => ({ id, name: `${name} (removida)` }))];
}

/** What a camera saw last is what is mostly asked for when it is gone. */
const LAST_MS = 5 * 60_000;

/** Where the footage of a removed camera is first played from. */
export function lastMoments({ footage_start, footage_end }: RemovedCamera): number {
  return Math.max(Date.parse(footage_start), Date.parse(footage_end) - LAST_MS);
}
