// How good a live picture is, in a few figures: age, pictures a second, bit rate, and by which way it comes.
import type { LiveState, Quality } from "@gtvision/shared/live";
import type { Camera } from "../api/types";
import { useBoxAheadMs } from "../box/queries";

interface Props {
  camera: Camera;
  state: LiveState;
}

export function LiveQuality({ camera, state: { phase, quality } }: Props) {
  const aheadMs = useBoxAheadMs();
  const age = quality && ageS(quality, aheadMs);
  const byWebRtc = phase === "webrtc";
  const bitrateBps = quality?.bitrateBps || camera.bitrate_bps;
  return (
    <span
      data-testid="live-quality"
      data-transport={phase}
      title={byWebRtc ? "Por WebRTC" : "Por HLS: alguns segundos atrás"}
      className="flex shrink-0 gap-2 text-xs text-ink-soft tabular-nums max-lg:hidden"
    >
      {age !== null && <span title="Idade da imagem">{decimal(age, 1)} s</span>}
      <span>{decimal(quality?.fps || camera.fps, 0)} fps</span>
      <span>{decimal(bitrateBps / 1_000_000, 1)} Mbit/s</span>
      <span>{byWebRtc ? "WebRTC" : "HLS"}</span>
    </span>
  );
}

/** How old the picture is, by the box's clock; `aheadMs` is how far that clock is ahead of this computer's. */
function ageS({ timeUtcMs, measuredAtMs }: Quality, aheadMs: number): number | null {
  return timeUtcMs === null ? null : Math.max(0, (measuredAtMs + aheadMs - timeUtcMs) / 1000);
}

const decimal = (value: number, digits: number) =>
  value.toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });
