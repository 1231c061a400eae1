// What the box measures of a camera's video, for who judges whether it is fit to be evidence.
import type { Camera } from "../api/types";
import { kindOf, rateOf, troubleOf } from "./figures";

export function StreamFigures({ measured }: Pick<Camera, "measured">) {
  if (!measured) return "—";
  const trouble = troubleOf(measured);
  return (
    <div className="text-xs whitespace-nowrap tabular-nums">
      <span className="block">{kindOf(measured)}</span>
      <span className="block text-ink-soft">{rateOf(measured)}</span>
      {trouble && <span className="block text-warn">{trouble}</span>}
    </div>
  );
}
