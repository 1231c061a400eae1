// "/" and Ctrl+K open the camera list from anywhere on the page.
import { useEffect } from "react";

export function useFinderKeys(onFind: () => void): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event);
      const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      if (!slash && !ctrlK) return;
      event.preventDefault(); // browsers search their own way with both
      // A dialog that is open stays: closing it could lose what was typed there.
      if (!document.querySelector("[role=dialog]")) onFind();
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [onFind]);
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
