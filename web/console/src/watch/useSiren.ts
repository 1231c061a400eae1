// The siren while the console is open: it rings as long as there are hits, and at once for each that comes.
import { useEffect, useState, useSyncExternalStore } from "react";
import { Siren, type SirenState } from "./Siren";

export interface Sound {
  state: SirenState;
  setMuted: (muted: boolean) => void;
}

/** `newest` names the newest hit that is open. */
export function useSiren(newest: string | undefined): Sound {
  const [siren] = useState(() => new Siren());
  useEffect(() => siren.open(), [siren]);
  useEffect(() => {
    if (newest === undefined) siren.rest();
    else siren.alarm();
  }, [siren, newest]);
  const state = useSyncExternalStore(siren.subscribe, () => siren.state);
  return { state, setMuted: (muted) => siren.setMuted(muted) };
}
