// The bar of a timeline: spans, plate marks and the playhead. A click or arrow keys choose a moment; the wheel,
// two fingers or arrows up and down zoom; a drag moves it, or marks a span.
import { formatDateTime } from "@gtvision/shared/time";
import { type KeyboardEvent, useRef, useState } from "react";
import type { TimelineData } from "../api/types";
import { LaneMarks } from "./LaneMarks";
import { Thumbnail } from "./Thumbnail";
import type { Lane } from "./Timeline";
import { usePointers } from "./usePointers";
import type { TimelineView } from "./useTimelineView";
import { useWheel } from "./useWheel";
import { fractionOf, type Stretch } from "./view";

interface Props {
  lanes: readonly (Lane & { data: TimelineData | undefined })[];
  view: TimelineView;
  atUtc: number;
  timeZone: string;
  mark: Stretch | null;
  onMark: (mark: Stretch) => void;
  onPick: (utcMs: number) => void;
}

/** Parts of the bar that an arrow key, and a page key, moves by. */
const STEPS: Record<string, number> = {
  ArrowLeft: -1 / 360,
  ArrowRight: 1 / 360,
  PageDown: -1 / 60,
  PageUp: 1 / 60,
};
const ZOOMS: Record<string, number> = { ArrowUp: 1 / 2, ArrowDown: 2 };

export function TimelineBar({ lanes, view, atUtc, timeZone, mark, onMark, onPick }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  /** The instant under the pointer, and the lane. */
  const [pointed, setPointed] = useState<{ utcMs: number; lane: number } | null>(null);
  const { startUtc, endUtc, marking } = view;
  const percent = (utcMs: number) => `${fractionOf(utcMs, startUtc, endUtc) * 100}%`;
  const pointers = usePointers({ view, lanes: lanes.length, onPick, onMark, onPoint: setPointed });
  useWheel(bar, view);
  const pointedLane = pointed && lanes[pointed.lane];

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    const factor = ZOOMS[event.key];
    if (step === undefined && factor === undefined) return;
    if (event.shiftKey || event.ctrlKey) return;
    event.preventDefault();
    if (factor !== undefined) return view.zoom(factor, atUtc);
    const utcMs = Math.round(atUtc + (step ?? 0) * (endUtc - startUtc));
    onPick(Math.min(Math.max(utcMs, startUtc), endUtc));
  }

  return (
    <div className="relative">
      {pointed && pointedLane && (
        <Thumbnail
          camera={pointedLane.id}
          atUtc={pointed.utcMs}
          stepMs={Math.max((endUtc - startUtc) / 300, 40)}
          left={percent(pointed.utcMs)}
          timeZone={timeZone}
        />
      )}
      <div
        ref={bar}
        role="slider"
        tabIndex={0}
        aria-label="Momento da gravação"
        aria-valuemin={startUtc}
        aria-valuemax={endUtc}
        aria-valuenow={Math.min(Math.max(atUtc, startUtc), endUtc)}
        aria-valuetext={formatDateTime(atUtc, timeZone)}
        data-testid="timeline"
        {...pointers}
        onKeyDown={onKeyDown}
        className={`relative flex touch-none flex-col gap-px overflow-hidden rounded select-none ${marking ? "cursor-crosshair" : "cursor-pointer"}`}
      >
        {lanes.map(({ id, name, data }) => (
          <div
            key={id}
            data-testid="timeline-lane"
            className={`relative overflow-hidden bg-canvas ${lanes.length > 1 ? "h-6 pointer-coarse:h-11" : "h-9 pointer-coarse:h-12"}`}
          >
            {data && <LaneMarks data={data} percent={percent} />}
            {lanes.length > 1 && (
              <span className="absolute inset-y-0 left-0 flex max-w-40 items-center bg-canvas/70 px-1.5 text-xs text-ink">
                <span className="truncate">{name}</span>
              </span>
            )}
          </div>
        ))}
        {mark && (
          <span
            data-testid="timeline-mark"
            className="absolute inset-y-0 border-x-2 border-ok bg-ok/30"
            style={{ left: percent(mark.startUtc), right: `calc(100% - ${percent(mark.endUtc)})` }}
          />
        )}
        {atUtc >= startUtc && atUtc <= endUtc && (
          <span
            className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white"
            style={{ left: percent(atUtc) }}
          />
        )}
      </div>
    </div>
  );
}
