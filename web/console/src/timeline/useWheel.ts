// The wheel zooms a timeline about the pointer; sideways, or with Shift, it moves it.
import { type RefObject, useEffect, useRef } from "react";
import type { TimelineView } from "./useTimelineView";

/** A notch of a wheel is 100 pixels: halved or doubled in 2, a month to two seconds in 40. */
const ZOOM_PER_PX = Math.LN2 / 200;

export function useWheel(bar: RefObject<HTMLElement | null>, view: TimelineView): void {
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    function turned(event: WheelEvent) {
      event.preventDefault(); // the page would scroll, or zoom
      const { startUtc, endUtc, move, zoom } = latest.current;
      const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        return move(sideways / width);
      }
      const aboutUtc = startUtc + ((event.clientX - left) / width) * (endUtc - startUtc);
      zoom(Math.exp(event.deltaY * ZOOM_PER_PX), aboutUtc);
    }
    // React's own listener is passive, which cannot keep the page from scrolling.
    element.addEventListener("wheel", turned, { passive: false });
    return () => element.removeEventListener("wheel", turned);
  }, [bar]);
}
