// A minute of one camera's recording, streamed from its box through the relay.
import { PlaybackDialog } from "@gtvision/shared/playback";
import { formatDateTime } from "@gtvision/shared/time";
import { useMemo } from "react";
import type { Camera } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { useRelaySession } from "./useRelaySession";

const LENGTH_MS = 60_000;

interface Props {
  camera: Camera;
  startUtc: number;
  onClose: () => void;
}

export function CameraPlayback({ camera, startUtc, onClose }: Props) {
  const timeZone = useTimeZones()(camera.city.code);
  const window = useMemo(
    () => ({ startUtc, endUtc: startUtc + LENGTH_MS, startAtUtc: startUtc, momentUtc: startUtc }),
    [startUtc],
  );
  const { source, failure, retry } = useRelaySession(camera.id, window);
  return (
    <PlaybackDialog
      title={camera.name}
      description={`${camera.city.name} · a partir de ${formatDateTime(startUtc, timeZone)}`}
      source={source}
      failure={failure}
      timeZone={timeZone}
      onRetry={retry}
      onClose={onClose}
    />
  );
}
