// A text that this browser remembers: the same in all its tabs, or (sessionStorage) in this tab alone.
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

export function useStored(
  name: string,
  storage: Storage = localStorage,
): [string | null, (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => storage.getItem(name));
  const store = useCallback(
    (next: string) => {
      storage.setItem(name, next);
      dispatchEvent(new Event(CHANGED));
    },
    [name, storage],
  );
  return [value, store];
}
