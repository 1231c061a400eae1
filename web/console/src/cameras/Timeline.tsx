// The last hour of one camera: recorded spans, gaps, plate marks; a click plays from there.
import { formatHourMinute, formatTime, toUtcMs } from "@gtvision/shared/time";
import { useState } from "react";
import { useBoxStatus, useLastHour } from "../box/queries";
import { fractionOf, ticksOf } from "./timelineScale";

interface Props {
  camera: string;
  timeZone: string;
  /** The wall clock of the recording on screen; null while live. */
  playingUtc: number | null;
  onPick: (utcMs: number) => void;
}

export function Timeline({ camera, timeZone, playingUtc, onPick }: Props) {
  const aheadMs = useBoxStatus().data?.aheadMs ?? 0;
  const { data, isError } = useLastHour(camera, aheadMs);
  const [picking, setPicking] = useState<number | null>(null);
  if (!data) {
    return (
      <p className="h-16 text-center text-ink-muted">
        {isError ? "A linha do tempo não está disponível." : "Carregando a linha do tempo…"}
      </p>
    );
  }
  const { startUtc, endUtc, spans, reads } = data;
  const percent = (utcMs: number) => `${fractionOf(utcMs, startUtc, endUtc) * 100}%`;
  const at = picking ?? playingUtc ?? endUtc;

  function commit() {
    if (picking !== null) onPick(picking);
    setPicking(null);
  }

  return (
    <section
      aria-label="Linha do tempo da última hora"
      className="rounded-md border border-line bg-panel px-3 pt-2 pb-1"
    >
      <div className="relative h-9">
        <div aria-hidden className="absolute inset-0 overflow-hidden rounded bg-canvas">
          {spans.map(({ start, end }) => (
            <span
              key={start}
              data-testid="timeline-span"
              className="absolute inset-y-0 bg-accent-deep/60"
              style={{
                left: percent(toUtcMs(start)),
                width: `${(fractionOf(toUtcMs(end), startUtc, endUtc) - fractionOf(toUtcMs(start), startUtc, endUtc)) * 100}%`,
              }}
            />
          ))}
          {reads.map(({ id, at: readAt, plate }) => (
            <span
              key={id}
              title={plate}
              className="absolute top-0 h-3 w-0.5 bg-warn"
              style={{ left: percent(toUtcMs(readAt)) }}
            />
          ))}
        </div>
        <span
          aria-hidden
          className="absolute -top-1 -bottom-1 w-0.5 bg-white"
          style={{ left: percent(at) }}
        />
        <input
          type="range"
          aria-label="Momento da gravação"
          aria-valuetext={formatTime(at, timeZone)}
          data-testid="timeline-input"
          min={startUtc}
          max={endUtc}
          step={1000}
          value={Math.min(Math.max(at, startUtc), endUtc)}
          onChange={({ target }) => setPicking(target.valueAsNumber)}
          onPointerUp={commit}
          onKeyUp={commit}
          className="absolute inset-0 m-0 size-full cursor-pointer appearance-none bg-transparent opacity-0 focus-visible:opacity-30"
        />
      </div>
      <div aria-hidden className="relative mt-1 h-5 text-xs text-ink-muted tabular-nums">
        {ticksOf(startUtc, endUtc).map((tick) => (
          <span key={tick} className="absolute -translate-x-1/2" style={{ left: percent(tick) }}>
            {formatHourMinute(tick, timeZone)}
          </span>
        ))}
      </div>
      <p className="flex flex-wrap gap-x-4 text-xs text-ink-muted">
        <span>
          <span aria-hidden className="mr-1 inline-block size-2.5 rounded-sm bg-accent-deep/60" />
          gravado
        </span>
        <span>
          <span aria-hidden className="mr-1 inline-block h-2.5 w-0.5 bg-warn" />
          leitura de placa
        </span>
        <span className="ml-auto tabular-nums">
          {playingUtc === null && picking === null
            ? "Clique para ver a gravação"
            : formatTime(at, timeZone)}
        </span>
      </p>
    </section>
  );
}
