// One HlsPlayer for the life of a component: loads the source it is given and reports the state.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { HlsPlayer, type PlayerState } from "./HlsPlayer";
import type { LoadOptions } from "./hlsConfig";

export interface VideoSource extends LoadOptions {
  url: string;
}

interface Playing {
  player: HlsPlayer;
  state: PlayerState;
  /** Goes to the <video>'s `ref`. */
  videoRef: (video: HTMLVideoElement) => () => void;
}

/** `source` is compared by identity: a new object is loaded anew. */
export function useHlsPlayer(source: VideoSource | null): Playing {
  const [player] = useState(() => new HlsPlayer());
  const state = useSyncExternalStore(
    useCallback((listener: () => void) => player.subscribe(listener), [player]),
    () => player.state,
  );
  const videoRef = useCallback((video: HTMLVideoElement) => player.attach(video), [player]);

  useEffect(() => {
    if (!source) return;
    const { url, ...options } = source;
    void player.load(url, options);
    return () => player.destroy();
  }, [player, source]);

  return { player, state, videoRef };
}
