// One TogetherPlayer for a stretch of time; it is told what is recorded of each camera.
import { toUtcMs } from "@gtvision/shared/time";
import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { useBoxNow, useTimelines } from "../box/queries";
import type { Lane } from "../timeline/Timeline";
import { TogetherPlayer } from "./TogetherPlayer";

/** What is recorded is asked again this often while the stretch is not over. */
const STEP_MS = 5000;

export function useTogetherPlayer(cameras: readonly Lane[], sinceUtc: number, endUtc: number) {
  const nowUtc = useBoxNow();
  const player = useMemo(
    () => new TogetherPlayer([sinceUtc, endUtc], sinceUtc),
    [sinceUtc, endUtc],
  );
  useEffect(() => player.setBoxNow(nowUtc), [player, nowUtc]);
  useEffect(() => player.run(), [player]);

  const knownUtc = Math.max(
    sinceUtc + STEP_MS,
    Math.min(endUtc, Math.ceil(nowUtc / STEP_MS) * STEP_MS),
  );
  const answers = useTimelines(
    cameras.map(({ id }) => id),
    sinceUtc,
    knownUtc,
  );
  useEffect(() => {
    cameras.forEach(({ id }, number) => {
      const spans = answers[number]?.data?.spans ?? [];
      player.setSpans(
        id,
        spans.map(({ start, end }) => ({ startUtc: toUtcMs(start), endUtc: toUtcMs(end) })),
      );
    });
  });

  const state = useSyncExternalStore(
    useCallback((listener: () => void) => player.subscribe(listener), [player]),
    () => player.state,
  );
  return { player, state };
}
