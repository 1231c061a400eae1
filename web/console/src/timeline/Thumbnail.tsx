// The picture of an instant, above the pointer on a timeline.
import { formatDateTime, toIso } from "@gtvision/shared/time";
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
  timeZone: string;
}

export function Thumbnail({ camera, atUtc, stepMs, left, timeZone }: Props) {
  const instant = Math.round(atUtc / stepMs) * stepMs;
  const rested = useRested(instant);
  const [shownUtc, setShownUtc] = useState<number | null>(null);
  return (
    <div
      className="pointer-events-none absolute bottom-full z-10 mb-1 flex w-60 -translate-x-1/2 flex-col items-center gap-1"
      style={{ left: `clamp(8rem, ${left}, 100% - 8rem)` }}
    >
      {rested !== null && (
        <img
          // Another picture is another element: the one before must not stand for it.
          key={`${camera} ${rested}`}
          data-testid="thumbnail"
          alt=""
          src={`/api/cameras/${camera}/thumbnail.jpg?${queryOf(rested)}`}
          onLoad={() => setShownUtc(rested)}
          onError={() => setShownUtc(null)}
          className="max-w-none rounded border border-line-strong shadow-lg shadow-black"
          style={{ width: WIDTH, opacity: shownUtc === rested ? 1 : 0 }}
        />
      )}
      <span
        data-testid="pointed-time"
        className="rounded bg-canvas/90 px-2 py-0.5 text-xs text-ink tabular-nums"
      >
        {formatDateTime(atUtc, timeZone)}
      </span>
    </div>
  );
}

const queryOf = (utcMs: number) =>
  new URLSearchParams({ at: toIso(utcMs), width: String(WIDTH) }).toString();

/** The instant once the pointer has rested on it; null before. */
function useRested(instant: number): number | null {
  const [rested, setRested] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(instant), REST_MS);
    return () => clearTimeout(timer);
  }, [instant]);
  return rested;
}
