// The recorded moment of a plate read, streamed from its box through the relay.
import { PlaybackDialog, readWindow } from "@gtvision/shared/playback";
import { formatPlate, ReadDetails } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { useMemo } from "react";
import type { PlateRead } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { useRelaySession } from "./useRelaySession";

interface Props {
  read: PlateRead;
  onClose: () => void;
}

export function ReadPlayback({ read, onClose }: Props) {
  const timeZone = useTimeZones()(read.city.code);
  const window = useMemo(() => readWindow({ captured_at: read.captured_at }), [read.captured_at]);
  const { source, failure, retry } = useRelaySession(read.camera.id, window);
  return (
    <PlaybackDialog
      title={`Placa ${formatPlate(read.plate)}`}
      description={`${read.camera.name} · ${formatDateTime(read.captured_at, timeZone)}`}
      source={source}
      failure={failure}
      timeZone={timeZone}
      momentUtc={window.momentUtc}
      onRetry={retry}
      onClose={onClose}
    >
      <ReadDetails read={read} timeZone={timeZone} />
    </PlaybackDialog>
  );
}
