// The picture of an instant, above the pointer on a timeline.
import { toIso } from "@gtvision/shared/time";
import { useEffect, useState } from "react";

/** The box decodes a keyframe for each: only where the pointer rests is asked for. */
const REST_MS = 120;
const WIDTH = 240;

interface Props {
  camera: string;
  atUtc: number;
  /** Instants closer than this share a picture. */
  stepMs: number;
  /** Where the pointer is, as a CSS length. */
  left: string;
}

export function Thumbnail({ camera, atUtc, stepMs, left }: Props) {
  const instant = Math.round(atUtc / stepMs) * stepMs;
  const rested = useRested(instant);
  const [shownUtc, setShownUtc] = useState<number | null>(null);
  if (rested === null) return null;
  const query = new URLSearchParams({ at: toIso(rested), width: String(WIDTH) });
  return (
    <img
      // Another picture is another element: the one before must not stand for it.
      key={rested}
      data-testid="thumbnail"
      alt=""
      src={`/api/cameras/${camera}/thumbnail.jpg?${query}`}
      onLoad={() => setShownUtc(rested)}
      onError={() => setShownUtc(null)}
      className="pointer-events-none absolute bottom-full z-10 mb-2 max-w-none -translate-x-1/2 rounded border border-line-strong shadow-lg shadow-black"
      style={{
        left: `clamp(8rem, ${left}, 100% - 8rem)`,
        width: WIDTH,
        opacity: shownUtc === rested ? 1 : 0,
      }}
    />
  );
}

/** The instant once the pointer has rested on it; null before. */
function useRested(instant: number): number | null {
  const [rested, setRested] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(instant), REST_MS);
    return () => clearTimeout(timer);
  }, [instant]);
  return rested;
}
