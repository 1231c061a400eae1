// One LivePlayer for the life of a component: plays what the box offers and reports how well.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { LivePlayer, type LiveState } from "./LivePlayer";
import type { LiveOffer } from "./offer";

interface Playing {
  state: LiveState;
  /** Goes to the <video>'s `ref`. */
  videoRef: (video: HTMLVideoElement) => () => void;
}

/** `ask` is compared by identity: a new function starts anew; null plays nothing. */
export function useLivePlayer(ask: (() => Promise<LiveOffer>) | null, prefer: string): Playing {
  const [player] = useState(() => new LivePlayer());
  const state = useSyncExternalStore(
    useCallback((listener: () => void) => player.subscribe(listener), [player]),
    () => player.state,
  );
  const videoRef = useCallback((video: HTMLVideoElement) => player.attach(video), [player]);

  useEffect(() => {
    if (!ask) return;
    void player.start(ask, prefer);
    return () => player.stop();
  }, [player, ask, prefer]);

  return { state, videoRef };
}
