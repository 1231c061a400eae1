// Which items of a live list came after it was first shown, so that only those are announced.
import { useState } from "react";

type Id = string | number;

interface Arrivals {
  list: string;
  seen: ReadonlySet<Id>;
  arrived: ReadonlySet<Id>;
}

/** `list` names what is listed (the filters): a new list has no arrivals. */
export function useArrivals(list: string, ids: readonly Id[]): ReadonlySet<Id> {
  const [state, setState] = useState<Arrivals>(() => first(list, ids));
  const current = next(state, list, ids);
  // Derived state, as React allows it: set during render, and only when something is new.
  if (current !== state) setState(current);
  return current.arrived;
}

function first(list: string, ids: readonly Id[]): Arrivals {
  return { list, seen: new Set(ids), arrived: new Set() };
}

function next(state: Arrivals, list: string, ids: readonly Id[]): Arrivals {
  if (state.list !== list || (state.seen.size === 0 && ids.length > 0)) return first(list, ids);
  const fresh = ids.filter((id) => !state.seen.has(id));
  if (fresh.length === 0) return state;
  return { list, seen: new Set([...state.seen, ...fresh]), arrived: new Set(fresh) };
}
