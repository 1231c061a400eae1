// Keys that do something on the whole page, as long as nobody is typing and no dialog is in front.
import { type RefObject, useEffect } from "react";

/** By name: `event.key`, after "Ctrl+" and "Shift+" where they matter ("?" has its Shift in it). */
export type KeyActions = Readonly<Record<string, (() => void) | undefined>>;

/** `within`: the part of the page that the keys are about; a dialog that holds it does not stop them. */
export function useKeys(actions: KeyActions, within?: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const act = actions[nameOf(event)];
      if (!act || event.defaultPrevented || event.altKey || isForTarget(event)) return;
      event.preventDefault(); // browsers search, scroll and leaf with some of them
      // A dialog that is open stays: closing it could lose what was typed there.
      if (isBehindDialog(within?.current ?? null)) return;
      act();
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [actions, within]);
}

function nameOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const shift = shiftKey && key.length > 1 ? "Shift+" : "";
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${shift}${name}`;
}

/** What a person types into a field, or does to the control that has the focus, is not for the page. */
function isForTarget({ target, key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["range", "checkbox", "radio"].includes(target.type)) {
    return key === " " || key.length > 1;
  }
  if (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) {
    return !(ctrlKey || metaKey);
  }
  return key === " " && target.closest("button, a, summary, [role=button]") !== null;
}

function isBehindDialog(part: HTMLElement | null): boolean {
  const dialogs = document.querySelectorAll("[role=dialog]");
  const front = dialogs[dialogs.length - 1];
  return front !== undefined && !(part && front.contains(part));
}
