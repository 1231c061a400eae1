// What is recorded of one camera, or of several: two seconds to a month, a lane each. A click plays from there.
import { useBoxNow, useTimelines } from "../box/queries";
import { TimelineBar } from "./TimelineBar";
import { TimelineControls } from "./TimelineControls";
import { TimelineLabels } from "./TimelineLabels";
import { useTimelineView } from "./useTimelineView";
import { askedFor, type Stretch } from "./view";

export interface Lane {
  id: string;
  name: string;
}

interface Props {
  lanes: readonly Lane[];
  timeZone: string;
  /** The wall clock of the recording on screen; null while live. */
  playingUtc: number | null;
  onPick: (utcMs: number) => void;
  /** What is marked for a clip. */
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
  onExport: () => void;
}

/** The newest end moves on in steps, so that the same answer serves for a while. */
const STEP_MS = 5000;

export function Timeline({ lanes, timeZone, playingUtc, onPick, mark, onMark, onExport }: Props) {
  const nowUtc = Math.ceil(useBoxNow() / STEP_MS) * STEP_MS;
  const view = useTimelineView(playingUtc, nowUtc);
  const { startUtc, endUtc } = view;
  const asked = askedFor(view, nowUtc);
  const answers = useTimelines(
    lanes.map(({ id }) => id),
    asked.startUtc,
    asked.endUtc,
  );

  function goTo(utcMs: number) {
    view.lookAt(utcMs);
    onPick(utcMs);
  }

  return (
    <section
      aria-label="Linha do tempo"
      className="rounded-md border border-line bg-panel px-3 pt-2 pb-1"
    >
      <TimelineBar
        lanes={lanes.map((lane, number) => ({ ...lane, data: answers[number]?.data }))}
        view={view}
        atUtc={playingUtc ?? endUtc}
        timeZone={timeZone}
        mark={mark}
        onMark={onMark}
        onPick={onPick}
      />
      <TimelineLabels startUtc={startUtc} endUtc={endUtc} timeZone={timeZone} />
      <TimelineControls
        view={view}
        timeZone={timeZone}
        failed={answers.some(({ isError }) => isError)}
        playingUtc={playingUtc}
        nowUtc={nowUtc}
        mark={mark}
        onMark={onMark}
        onExport={onExport}
        onGoTo={goTo}
      />
    </section>
  );
}
