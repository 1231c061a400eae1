// The mosaic that a guard used last, on this computer: the console opens on it.
import { useEffect, useState } from "react";
import type { ConsoleSearch } from "./search";

type Mosaic = Pick<ConsoleSearch, "mosaico" | "pagina" | "grade">;

export function useLastMosaic(
  username: string,
  search: ConsoleSearch,
  change: (changes: ConsoleSearch, replace?: boolean) => void,
): void {
  const key = `gtvision.mosaic.${username}`;
  // Read before this page writes its own.
  const [last] = useState(() => remembered(key));
  const [arrived] = useState(() => Object.values(search).every((value) => value === undefined));
  const { mosaico, pagina, grade } = search;

  useEffect(() => {
    if (arrived && last) change(last, true);
  }, [arrived, last, change]);

  useEffect(() => {
    remember(key, { mosaico, pagina, grade });
  }, [key, mosaico, pagina, grade]);
}

function remembered(key: string): Mosaic | null {
  try {
    const { mosaico, pagina, grade } = JSON.parse(localStorage.getItem(key) ?? "null") as Mosaic;
    return { mosaico, pagina, grade };
  } catch {
    return null; // nothing yet, or a browser that keeps nothing
  }
}

function remember(key: string, mosaic: Mosaic): void {
  try {
    localStorage.setItem(key, JSON.stringify(mosaic));
  } catch {
    // A browser that keeps nothing opens on all cameras.
  }
}
