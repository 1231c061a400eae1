// A live session for as long as a component shows the camera.
import { useEffect, useMemo, useState } from "react";
import { type Best, LiveSession } from "./LiveSession";

export function useLiveSession(camera: string, quality: Best) {
  const [attempt, setAttempt] = useState(0);
  const session = useMemo(
    () => ({ attempt, live: new LiveSession(camera, quality) }).live,
    [camera, quality, attempt],
  );
  useEffect(() => () => session.close(), [session]);
  return { ask: session.ask, again: () => setAttempt((count) => count + 1) };
}
