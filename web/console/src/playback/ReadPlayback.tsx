// The recorded moment of a plate read, played from this box.
import { PlaybackDialog, readWindow } from "@gtvision/shared/playback";
import { formatPlate, ReadDetails } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import type { PlateRead } from "../api/types";
import { useLocalRecording } from "./useLocalRecording";

interface Props {
  read: PlateRead;
  timeZone: string;
  onClose: () => void;
}

export function ReadPlayback({ read, timeZone, onClose }: Props) {
  const window = readWindow(read);
  const { source, retry } = useLocalRecording(read.camera.id, window);
  return (
    <PlaybackDialog
      title={`Placa ${formatPlate(read.plate)}`}
      description={`${read.camera.name} · ${formatDateTime(read.captured_at, timeZone)}`}
      source={source}
      timeZone={timeZone}
      momentUtc={window.momentUtc}
      onRetry={retry}
      onClose={onClose}
    >
      <ReadDetails read={read} timeZone={timeZone} />
    </PlaybackDialog>
  );
}
