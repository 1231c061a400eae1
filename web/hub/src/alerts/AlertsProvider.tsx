// What every page knows of watchlist hits: those to look at, whether they come live, and the sound.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { session } from "../api/client";
import type { User, WatchlistHit } from "../api/types";
import { useStored } from "@gtvision/shared/ui";
import { listen, type FeedState } from "./listen";
import { readSeen, saw, sawAll, unseen } from "./seen";
import { useAlarmSound } from "./useAlarmSound";
import { HITS_KEY, isForbidden, useNewestHits } from "./useHits";

export interface Alerts {
  /** Newest first; those that the person has not closed. */
  waiting: WatchlistHit[];
  /** False where the city hides plates from this person. */
  permitted: boolean;
  feed: FeedState;
  sound: { on: boolean; toggle: () => void };
  close: (hit: WatchlistHit) => void;
  closeAll: () => void;
}

const Context = createContext<Alerts | null>(null);

export function useAlerts(): Alerts {
  const alerts = useContext(Context);
  if (!alerts) throw new Error("outside of AlertsProvider");
  return alerts;
}

export function AlertsProvider({ user, children }: { user: User; children: ReactNode }) {
  const query = useNewestHits();
  const hits = query.data?.results;
  const permitted = !isForbidden(query.error);
  const feed = useFeed(permitted && hits !== undefined);
  const [stored, store] = useStored(`gtv-alerts-seen-${user.id}`);
  const seen = readSeen(stored);
  const first = seen === null && hits !== undefined;
  useEffect(() => {
    if (first) store(JSON.stringify(sawAll(hits, null)));
  }, [first, hits, store]);

  const waiting = unseen(hits ?? [], seen);
  const alerts: Alerts = {
    waiting,
    permitted,
    feed,
    sound: useAlarmSound(waiting[0]?.id),
    close: (hit) => store(JSON.stringify(saw(hit, seen))),
    closeAll: () => store(JSON.stringify(sawAll(waiting, seen))),
  };
  return <Context value={alerts}>{children}</Context>;
}

function useFeed(wanted: boolean): FeedState {
  const client = useQueryClient();
  const [state, setState] = useState<FeedState>("connecting");
  useEffect(() => {
    if (!wanted) return;
    return listen({
      token: (fresh) => session.token(fresh),
      onNews: () => void client.invalidateQueries({ queryKey: [HITS_KEY] }),
      onState: setState,
    });
  }, [client, wanted]);
  return state;
}
