// One RecordingPlayer for the life of a component: loads the source it is given and reports the state.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { RecordingPlayer, type RecordingState, type VideoSource } from "./RecordingPlayer";

interface Playing {
  player: RecordingPlayer;
  state: RecordingState;
  /** Goes to the <video>'s `ref`. */
  videoRef: (video: HTMLVideoElement) => () => void;
}

/** `source` is compared by identity: a new object is loaded anew. */
export function useRecordingPlayer(source: VideoSource | null): Playing {
  const [player] = useState(() => new RecordingPlayer());
  const state = useSyncExternalStore(
    useCallback((listener: () => void) => player.subscribe(listener), [player]),
    () => player.state,
  );
  const videoRef = useCallback((video: HTMLVideoElement) => player.attach(video), [player]);

  useEffect(() => {
    if (!source) return;
    void player.load(source);
    return () => player.destroy();
  }, [player, source]);

  return { player, state, videoRef };
}
