// Mouse, pen and fingers on a timeline.
import { type PointerEvent, useState } from "react";
import { type Act, Gesture } from "./Gesture";
import type { TimelineView } from "./useTimelineView";
import { instantAt, type Stretch } from "./view";

interface Pointed {
  view: TimelineView;
  /** How many lanes lie upon each other. */
  lanes: number;
  onPick: (utcMs: number) => void;
  onMark: (mark: Stretch) => void;
  /** Told where the pointer rests; null when it leaves. */
  onPoint: (pointed: { utcMs: number; lane: number } | null) => void;
}

export function usePointers({ view, lanes, onPick, onMark, onPoint }: Pointed) {
  const [gesture] = useState(() => new Gesture());

  function perform(act: Act | null) {
    if (act?.do === "pick") onPick(act.utcMs);
    if (act?.do === "show") view.show(act.startUtc, act.endUtc);
    if (act?.do === "mark") onMark({ startUtc: act.fromUtc, endUtc: act.toUtc });
  }

  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      gesture.down(pointOf(event), view, view.marking || event.shiftKey);
    },
    onPointerMove(event: PointerEvent) {
      perform(gesture.move(pointOf(event)));
      onPoint({
        utcMs: instantAt(pointOf(event).fraction, view.startUtc, view.endUtc),
        lane: laneOf(event, lanes),
      });
    },
    onPointerUp(event: PointerEvent) {
      perform(gesture.up(pointOf(event), view));
      if (event.pointerType !== "mouse") onPoint(null);
    },
    onPointerCancel(event: PointerEvent) {
      gesture.cancel(event.pointerId, view);
    },
    onPointerLeave() {
      onPoint(null);
    },
  };
}

function pointOf({ pointerId, clientX, currentTarget }: PointerEvent) {
  const { left, width } = currentTarget.getBoundingClientRect();
  return { id: pointerId, fraction: (clientX - left) / width, x: clientX };
}

function laneOf({ clientY, currentTarget }: PointerEvent, lanes: number): number {
  const { top, height } = currentTarget.getBoundingClientRect();
  const lane = Math.floor(((clientY - top) / height) * lanes);
  return Math.min(Math.max(lane, 0), lanes - 1);
}
