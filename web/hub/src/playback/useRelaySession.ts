// A relay session for as long as a video is open: asked for when it opens, ended when it closes.
import { unwrap } from "@gtvision/shared/api";
import type { PlaybackWindow } from "@gtvision/shared/playback";
import {
  failureFromError,
  fetchHlsCode,
  type PlaybackFailure,
  type VideoSource,
} from "@gtvision/shared/player";
import { toIso } from "@gtvision/shared/time";
import { useEffect, useState } from "react";
import { api } from "../api/client";

interface Answer {
  /** What was asked: an answer to another question is not shown. */
  to: string;
  source: VideoSource | null;
  failure: PlaybackFailure | null;
}

export interface RelayVideo {
  source: VideoSource | null;
  failure: PlaybackFailure | null;
  retry: () => void;
}

export function useRelaySession(camera: string, window: PlaybackWindow): RelayVideo {
  const { startUtc, endUtc, startAtUtc } = window;
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const question = [camera, startUtc, endUtc, startAtUtc, attempt].join(" ");

  useEffect(() => {
    let closed = false;
    const body = { camera, start: toIso(startUtc), end: toIso(endUtc) };
    fetchHlsCode();
    const opening = unwrap(api.POST("/api/v1/relay-sessions", { body }));
    opening.then(
      ({ playlist_url }) => {
        if (closed) return;
        // The relay has the first picture fetched before it is asked for it.
        const url = `${playlist_url}?from=${toIso(startAtUtc)}`;
        setAnswer({ to: question, source: { url, startAtUtc }, failure: null });
      },
      (error: unknown) => {
        if (!closed) setAnswer({ to: question, source: null, failure: failureFromError(error) });
      },
    );
    return () => {
      closed = true;
      opening.then(({ id }) => endSession(id)).catch(() => undefined);
    };
  }, [camera, startUtc, endUtc, startAtUtc, question]);

  const current = answer?.to === question ? answer : null;
  return {
    source: current?.source ?? null,
    failure: current?.failure ?? null,
    retry: () => setAttempt((count) => count + 1),
  };
}

/** A session that is not ended here ends by itself when it expires. */
async function endSession(id: string): Promise<void> {
  await api.DELETE("/api/v1/relay-sessions/{session_id}", {
    params: { path: { session_id: id } },
    // Also when the page is being left.
    keepalive: true,
  });
}
