// Dialogs begin below the alerts, whatever height these have: neither hides the other.
import { type RefObject, useEffect } from "react";

/** Read by the dialogs' backdrop (Modal of the shared components). */
const PROPERTY = "--above-dialogs";

export function useRoomForAlerts(section: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = document.documentElement;
    const element = section.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const { bottom, height } = element.getBoundingClientRect();
      root.style.setProperty(PROPERTY, height > 0 ? `${Math.round(bottom)}px` : "0px");
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      root.style.removeProperty(PROPERTY);
    };
  }, [section]);
}
