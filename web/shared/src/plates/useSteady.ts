// A live list that does not move under the pointer: nobody opens a row that slid in as they clicked.
import { useEffect, useRef, useState } from "react";

/** A pointer at rest this long is not about to click; the list goes on. */
const HOLD_MS = 2500;

interface Steady<Item> {
  items: readonly Item[];
  /** For the element around the list. */
  hold: { onPointerMove: () => void; onPointerLeave: () => void };
}

/** `list` names what is listed: another list is shown at once. */
export function useSteady<Item>(live: readonly Item[], list: string): Steady<Item> {
  const [held, setHeld] = useState<{ list: string; items: readonly Item[] } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function release() {
    clearTimeout(timer.current);
    setHeld(null);
  }
  function hold() {
    clearTimeout(timer.current);
    timer.current = setTimeout(release, HOLD_MS);
    setHeld((now) => (now?.list === list ? now : { list, items: live }));
  }
  return {
    items: held?.list === list ? held.items : live,
    hold: { onPointerMove: hold, onPointerLeave: release },
  };
}
