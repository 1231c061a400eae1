// How good a live picture is, in a few figures: age, pictures a second, bit rate, and by which way it comes.
import { decimal, type LiveState, shownBitRate } from "@gtvision/shared/live";
import { useBoxNow } from "../box/queries";

interface Props {
  state: LiveState;
}

export function LiveQuality({ state }: Props) {
  const nowUtc = useBoxNow();
  const { phase, quality } = state;
  const byWebRtc = phase === "webrtc";
  const delay = delayOf(state, nowUtc);
  return (
    <span
      data-testid="live-quality"
      data-transport={phase}
      title={byWebRtc ? "Por WebRTC" : "Por HLS: alguns segundos atrás"}
      className="flex shrink-0 gap-2 text-xs text-ink-soft tabular-nums max-lg:hidden"
    >
      {delay !== null && <span title="Atraso da caixa até a tela">{delay}</span>}
      {/* Of the stream on screen: the camera's own figures are those of its main stream. */}
      {quality && <span>{decimal(quality.fps, 0)} fps</span>}
      {quality && <span>{shownBitRate(quality.bitrateBps)}</span>}
      <span>{byWebRtc ? "WebRTC" : "HLS"}</span>
    </span>
  );
}

/** How far the picture is behind: measured by WebRTC, read from the clock of the pictures by HLS. */
function delayOf({ quality, timeUtcMs }: LiveState, nowUtc: number): string | null {
  if (timeUtcMs !== null) return `${decimal(Math.max(0, (nowUtc - timeUtcMs) / 1000), 1)} s`;
  return quality && quality.delayMs !== null ? `${decimal(quality.delayMs, 0)} ms` : null;
}
