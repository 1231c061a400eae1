// A text that this browser remembers, the same in all its tabs.
import { useCallback, useSyncExternalStore } from "react";

const CHANGED = "gtv-stored";

function subscribe(listener: () => void): () => void {
  addEventListener("storage", listener); // another tab
  addEventListener(CHANGED, listener); // this one
  return () => {
    removeEventListener("storage", listener);
    removeEventListener(CHANGED, listener);
  };
}

export function useStored(name: string): [string | null, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => localStorage.getItem(name));
  const store = useCallback(
    (next: string) => {
      localStorage.setItem(name, next);
      dispatchEvent(new Event(CHANGED));
    },
    [name],
  );
  return [value, store];
}
