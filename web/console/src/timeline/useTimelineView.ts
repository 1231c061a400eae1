// What a timeline shows, and all that moves it.
import { useState } from "react";
import {
  LENGTHS,
  moved,
  stretchOf,
  type Stretch,
  type View,
  viewAround,
  viewOf,
  zoomed,
} from "./view";

const FIRST_MS = LENGTHS[2].lengthMs;

export interface TimelineView extends Stretch {
  lengthMs: number;
  /** It ends now, and goes on with it. */
  atNow: boolean;
  /** A drag marks a span for a clip, in place of moving the timeline. */
  marking: boolean;
  setMarking: (marking: boolean) => void;
  show: (startUtc: number, endUtc: number) => void;
  zoom: (factor: number, aboutUtc: number) => void;
  /** By parts of what is shown. */
  move: (parts: number) => void;
  setLength: (lengthMs: number) => void;
  lookAt: (utcMs: number) => void;
  toNow: () => void;
}

export function useTimelineView(playingUtc: number | null, nowUtc: number): TimelineView {
  // What is played from long ago is in sight when the camera is opened.
  const [view, setView] = useState<View>(() => viewAround(playingUtc ?? nowUtc, FIRST_MS, nowUtc));
  const [marking, setMarking] = useState(false);
  const { startUtc, endUtc } = stretchOf(view, nowUtc);
  return {
    startUtc,
    endUtc,
    lengthMs: view.lengthMs,
    atNow: view.endUtc === null,
    marking,
    setMarking,
    show: (start, end) => setView(viewOf(start, end, nowUtc)),
    zoom: (factor, aboutUtc) => setView((now) => zoomed(now, factor, aboutUtc, nowUtc)),
    move: (parts) => setView((now) => moved(now, parts * now.lengthMs, nowUtc)),
    setLength: (lengthMs) => setView(viewAround(playingUtc ?? endUtc, lengthMs, nowUtc)),
    lookAt: (utcMs) => setView((now) => viewAround(utcMs, now.lengthMs, nowUtc)),
    toNow: () => setView((now) => ({ ...now, endUtc: null })),
  };
}
