// How hls.js is set up for our two uses: a recording through the relay, and a live camera on the LAN.
import type { HlsConfig } from "hls.js";

export interface LoadOptions {
  /** Where to start, on the wall clock. Without it a recording starts at its beginning. */
  startAtUtc?: number;
  /** The period that is played, where the source itself does not tell. */
  periodUtc?: readonly [number, number];
  /** Follow the newest picture. */
  live?: boolean;
}

// The relay answers the first playlist within 10 s (the box has to dial in first); a box's own answer is immediate.
const PLAYLIST_TIMEOUT_MS = 20_000;

const NO_RETRY_OF_FIRST_PLAYLIST = {
  default: {
    maxTimeToFirstByteMs: PLAYLIST_TIMEOUT_MS,
    maxLoadTimeMs: PLAYLIST_TIMEOUT_MS,
    // The server already waited and says why it refuses: the person is told at once.
    timeoutRetry: null,
    errorRetry: null,
  },
};

const LIVE: Partial<HlsConfig> = {
  // Segments are about 1 s: 2 behind the edge is about 3 s behind the camera.
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: 6,
  maxLiveSyncPlaybackRate: 1.25,
  // A line that gets worse is noticed in seconds: nothing is buffered that would bridge it.
  abrEwmaFastLive: 1,
  abrEwmaSlowLive: 3,
  // Of several variants none larger than the picture on screen is worth the line.
  capLevelToPlayerSize: true,
  backBufferLength: 10,
  maxBufferLength: 6,
};

const RECORDING: Partial<HlsConfig> = {
  // Loading begins when the playlist is known, because only then the wall clock becomes a position.
  autoStartLoad: false,
  backBufferLength: 60,
  maxBufferLength: 20,
};

export function hlsConfig({ live = false }: LoadOptions): Partial<HlsConfig> {
  return {
    // No blob: worker, so that the content security policy stays strict; fMP4 needs no transmuxing.
    enableWorker: false,
    manifestLoadPolicy: NO_RETRY_OF_FIRST_PLAYLIST,
    ...(live ? LIVE : RECORDING),
  };
}
