// The recorded moment of a plate read, streamed from its box through the relay.
import { PlaybackDialog, readWindow } from "@gtvision/shared/playback";
import { formatPlate, ReadDetails } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { Link } from "@tanstack/react-router";
import { Route } from "lucide-react";
import { useMemo } from "react";
import { useAlerts } from "../alerts/AlertsProvider";
import type { PlateRead } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { useRelaySession } from "./useRelaySession";

interface Props {
  read: PlateRead;
  onClose: () => void;
}

export function ReadPlayback({ read, onClose }: Props) {
  const timeZone = useTimeZones()(read.city.code);
  const { permitted } = useAlerts();
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
      {permitted && (
        <Link
          to="/veiculos/$placa"
          params={{ placa: read.plate }}
          className="mt-4 flex h-9 items-center justify-center gap-1.5 rounded-md border border-line bg-raised font-medium hover:border-line-strong"
        >
          <Route aria-hidden className="size-4" />
          Trajeto deste veículo
        </Link>
      )}
    </PlaybackDialog>
  );
}
