// How good a live picture is, in a few figures: age, pictures a second, bit rate, and by which way it comes.
import type { LiveState } from "@gtvision/shared/live";
import { useBoxStatus } from "../box/queries";
import type { Camera } from "../api/types";

interface Props {
  camera: Camera;
  state: LiveState;
}

export function LiveQuality({ camera, state: { phase, quality } }: Props) {
  const aheadMs = useBoxStatus().data?.aheadMs ?? 0;
  const fps = quality?.fps || camera.fps;
  const megabits = (quality?.bitrateBps || camera.bitrate_bps) / 1_000_000;
  const ageS =
    quality?.timeUtcMs == null
      ? null
      : Math.max(0, (quality.measuredAtMs + aheadMs - quality.timeUtcMs) / 1000);
  return (
    <span
      data-testid="live-quality"
      data-transport={phase}
      title={phase === "webrtc" ? "Por WebRTC" : "Por HLS: alguns segundos atrás"}
      className="flex shrink-0 gap-2 text-xs text-ink-soft tabular-nums max-lg:hidden"
    >
      {ageS !== null && <span>{decimal(ageS, 1)} s</span>}
      <span>{decimal(fps, 0)} fps</span>
      <span>{decimal(megabits, 1)} Mbit/s</span>
      <span>{phase === "webrtc" ? "WebRTC" : "HLS"}</span>
    </span>
  );
}

const decimal = (value: number, digits: number) =>
  value.toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });
