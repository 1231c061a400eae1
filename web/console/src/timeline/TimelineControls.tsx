// Below a timeline: what its colours mean, how much it shows, a jump to a time, and what is marked for a clip.
import { formatTime } from "@gtvision/shared/time";
import { Button, IconButton } from "@gtvision/shared/ui";
import { ChevronLeft, ChevronRight, Scissors, X } from "lucide-react";
import { GoTo } from "./GoTo";
import { useTimelineKeys } from "./timelineKeys";
import type { TimelineView } from "./useTimelineView";
import { LENGTHS, type Stretch } from "./view";

interface Props {
  view: TimelineView;
  timeZone: string;
  /** The box gave no answer. */
  failed: boolean;
  playingUtc: number | null;
  nowUtc: number;
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
  onExport: () => void;
  onGoTo: (utcMs: number) => void;
}

export function TimelineControls(props: Props) {
  const { view, timeZone, failed, playingUtc, nowUtc, mark, onMark, onExport, onGoTo } = props;
  const goTo = useTimelineKeys({ playingUtc, nowUtc, mark, onMark });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-1 text-xs text-ink-muted">
      {mark ? (
        <MarkedSpan mark={mark} timeZone={timeZone} onMark={onMark} onExport={onExport} />
      ) : (
        <Legend failed={failed} />
      )}
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <Button
          aria-pressed={view.marking}
          title="Arraste na linha para marcar (ou Shift e arraste; teclas I e O)"
          onClick={() => view.setMarking(!view.marking)}
          className="aria-pressed:bg-accent-deep aria-pressed:text-white"
        >
          <Scissors aria-hidden className="size-4" />
          Marcar trecho
        </Button>
        <IconButton label="Mais cedo" onClick={() => view.move(-0.5)}>
          <ChevronLeft aria-hidden className="size-4" />
        </IconButton>
        <div
          role="group"
          aria-label="Quanto tempo mostrar"
          className="flex overflow-hidden rounded-md border border-line"
        >
          {LENGTHS.map(({ label, lengthMs }) => (
            <button
              key={label}
              type="button"
              aria-pressed={lengthMs === view.lengthMs}
              onClick={() => view.setLength(lengthMs)}
              className="h-8 px-2 text-ink-soft -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white"
            >
              {label}
            </button>
          ))}
        </div>
        <IconButton label="Mais tarde" disabled={view.atNow} onClick={() => view.move(0.5)}>
          <ChevronRight aria-hidden className="size-4" />
        </IconButton>
        <Button disabled={view.atNow} onClick={view.toNow}>
          Agora
        </Button>
        <Button title="Ir para um horário (G)" onClick={goTo.open}>
          Ir para…
        </Button>
      </div>
      {goTo.isOpen && (
        <GoTo
          fromUtc={playingUtc ?? nowUtc}
          nowUtc={nowUtc}
          timeZone={timeZone}
          onGoTo={onGoTo}
          onClose={goTo.close}
        />
      )}
    </div>
  );
}

function MarkedSpan({
  mark,
  timeZone,
  onMark,
  onExport,
}: Pick<Props, "timeZone" | "onMark" | "onExport"> & { mark: Stretch }) {
  const { startUtc, endUtc } = mark;
  return (
    <div role="status" className="flex items-center gap-2 text-sm text-ink tabular-nums">
      <span data-testid="marked-span">
        {formatTime(startUtc, timeZone)} a {formatTime(endUtc, timeZone)}
      </span>
      {/* Short, so that the line does not break: the timeline would move under the pointer that marks. */}
      <Button
        variant="primary"
        aria-label="Exportar trecho marcado"
        disabled={endUtc <= startUtc}
        onClick={onExport}
      >
        Exportar
      </Button>
      <IconButton label="Desmarcar" onClick={() => onMark(null)}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

function Legend({ failed }: { failed: boolean }) {
  if (failed) return <span role="alert">A linha do tempo não está disponível.</span>;
  return (
    <>
      <span>
        <span aria-hidden className="mr-1 inline-block size-2.5 rounded-sm bg-accent-deep/60" />
        gravado
      </span>
      <span>
        <span aria-hidden className="mr-1 inline-block h-2.5 w-0.5 bg-warn" />
        placa
      </span>
    </>
  );
}
