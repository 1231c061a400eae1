// The last hour of one camera: recorded spans, gaps, plate marks; a click plays from there.
import { formatDateTime, formatHourMinute } from "@gtvision/shared/time";
import { useState } from "react";
import { useBoxStatus, useLastHour } from "../box/queries";
import { TimelineBar } from "./TimelineBar";
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
  const [hoverUtc, setHoverUtc] = useState<number | null>(null);
  if (!data) {
    return (
      <p className="h-16 text-center text-ink-muted">
        {isError ? "A linha do tempo não está disponível." : "Carregando a linha do tempo…"}
      </p>
    );
  }
  const { startUtc, endUtc } = data;
  const percent = (utcMs: number) => `${fractionOf(utcMs, startUtc, endUtc) * 100}%`;
  const shownUtc = hoverUtc ?? playingUtc;

  return (
    <section
      aria-label="Linha do tempo da última hora"
      className="rounded-md border border-line bg-panel px-3 pt-2 pb-1"
    >
      <TimelineBar
        hour={data}
        atUtc={playingUtc ?? endUtc}
        timeZone={timeZone}
        onHover={setHoverUtc}
        onPick={onPick}
      />
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
          {shownUtc === null
            ? "Clique na linha para ver a gravação"
            : formatDateTime(shownUtc, timeZone)}
        </span>
      </p>
    </section>
  );
}
