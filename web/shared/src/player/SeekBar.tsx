// The bar of the loaded period: where the picture is, where the moment of interest is, click or keys to go.
import { formatDateTime } from "../time";

interface Props {
  rangeUtcMs: readonly [number, number] | null;
  timeUtcMs: number | null;
  momentUtc?: number;
  timeZone: string;
  onSeek: (utcMs: number) => void;
}

const STEP_MS = 1000;
/** As theme.css draws it. */
const THUMB_PX = 14;

export function SeekBar({ rangeUtcMs, timeUtcMs, momentUtc, timeZone, onSeek }: Props) {
  const [from, to] = rangeUtcMs ?? [0, 1];
  const at = Math.min(Math.max(timeUtcMs ?? from, from), to);
  // The middle of the thumb travels between half a thumb from either end.
  const place = (utcMs: number) => {
    const fraction = (utcMs - from) / Math.max(to - from, 1);
    return `calc(${fraction * 100}% + ${(0.5 - fraction) * THUMB_PX}px)`;
  };
  const marked = momentUtc !== undefined && rangeUtcMs && momentUtc >= from && momentUtc <= to;

  return (
    <div className="relative flex h-6 flex-1 items-center">
      <div aria-hidden className="absolute inset-x-0 h-1.5 rounded-full bg-line">
        <div
          className="h-full rounded-full bg-accent-deep"
          style={{ width: rangeUtcMs ? place(at) : 0 }}
        />
      </div>
      {marked && (
        <div
          aria-hidden
          title="Momento da leitura"
          className="absolute h-4 w-1 -translate-x-1/2 rounded-full bg-warn"
          style={{ left: place(momentUtc) }}
        />
      )}
      <input
        type="range"
        aria-label="Posição na gravação"
        aria-valuetext={timeUtcMs === null ? undefined : formatDateTime(at, timeZone)}
        disabled={!rangeUtcMs}
        min={from}
        max={to}
        step={STEP_MS}
        value={at}
        onChange={(event) => onSeek(event.target.valueAsNumber)}
        className="seek-bar relative w-full"
      />
    </div>
  );
}
