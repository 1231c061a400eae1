// One camera in full: live, or its recording from a moment chosen on the timeline below.
import { AUTOMATIC } from "@gtvision/shared/live";
import { Player } from "@gtvision/shared/player";
import { formatDate } from "@gtvision/shared/time";
import { Button, IconButton } from "@gtvision/shared/ui";
import { useKeys } from "@gtvision/shared/keys";
import { LayoutGrid, Maximize, Radio, Scissors } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Camera, RemovedCamera } from "../api/types";
import { useLocalRecording } from "../playback/useLocalRecording";
import { toggleFullScreen } from "./fullScreen";
import { LiveVideo } from "./LiveVideo";
import { Timeline } from "../timeline/Timeline";
import type { Stretch } from "../timeline/view";
import type { Variant } from "./VariantSwitch";

/** How much is loaded at once from the chosen moment on. */
const LENGTH_MS = 30 * 60_000;

interface Props {
  camera: Pick<Camera, "id" | "name">;
  /** Its state, unless it was removed. */
  live: Camera | undefined;
  /** What is left of it, when it was removed. */
  gone: RemovedCamera | undefined;
  timeZone: string;
  /** The moment to play from; null for live. */
  sinceUtc: number | null;
  onPlayFrom: (utcMs: number | null) => void;
  onBack: () => void;
  /** What is marked for a clip. */
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
  /** Asks for a clip of what is marked, or around a moment; null is now. */
  onExport: (atUtc: number | null) => void;
}

export function Enlarged(props: Props) {
  const { camera, live, gone, timeZone, sinceUtc, mark, onPlayFrom, onBack, onMark, onExport } =
    props;
  const frame = useRef<HTMLDivElement>(null);
  const [playingUtc, setPlayingUtc] = useState<number | null>(null);
  const [variant, setVariant] = useState<Variant>(AUTOMATIC);
  const atUtc = sinceUtc === null ? null : (playingUtc ?? sinceUtc);
  const keys = useMemo(
    () => ({
      e: () => onExport(atUtc),
      v: live && (() => onPlayFrom(null)),
      // A recording's player has its own.
      f: atUtc === null ? () => toggleFullScreen(frame.current) : undefined,
    }),
    [atUtc, live, onExport, onPlayFrom],
  );
  useKeys(keys);
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <Button aria-label="Mosaico" onClick={onBack}>
          <LayoutGrid aria-hidden className="size-4" />
          <span className="max-sm:hidden">Mosaico</span>
        </Button>
        <Title name={camera.name} gone={gone} timeZone={timeZone} />
        <Button aria-label="Exportar trecho" onClick={() => onExport(atUtc)}>
          <Scissors aria-hidden className="size-4" />
          <span className="max-sm:hidden">Exportar trecho</span>
        </Button>
        {sinceUtc === null && (
          <IconButton label="Tela cheia (F)" onClick={() => toggleFullScreen(frame.current)}>
            <Maximize aria-hidden className="size-4" />
          </IconButton>
        )}
        {live && sinceUtc !== null && (
          <Button variant="primary" onClick={() => onPlayFrom(null)}>
            <Radio aria-hidden className="size-4" />
            Voltar ao vivo
          </Button>
        )}
      </div>
      <div
        ref={frame}
        // A phone's controls take several rows.
        className={`min-h-72 flex-1 overflow-hidden rounded-md border border-line ${sinceUtc === null ? "" : "max-md:min-h-112 max-md:pointer-coarse:min-h-132"}`}
      >
        {live && sinceUtc === null && (
          <LiveVideo camera={live} variant={variant} onVariant={setVariant} />
        )}
        {sinceUtc !== null && (
          <Recording
            camera={camera}
            timeZone={timeZone}
            sinceUtc={sinceUtc}
            onTime={setPlayingUtc}
          />
        )}
      </div>
      <Timeline
        lanes={[camera]}
        timeZone={timeZone}
        playingUtc={atUtc}
        onPick={onPlayFrom}
        mark={mark}
        onMark={onMark}
        onExport={() => onExport(atUtc)}
      />
    </div>
  );
}

interface TitleProps {
  name: string;
  gone: RemovedCamera | undefined;
  timeZone: string;
}

function Title({ name, gone, timeZone }: TitleProps) {
  return (
    <div className="min-w-0 flex-1">
      <h2 className="truncate text-base font-semibold">{name}</h2>
      {gone && (
        <p className="truncate text-xs text-warn">
          Removida · guardada até {formatDate(gone.kept_until, timeZone)}
        </p>
      )}
    </div>
  );
}

interface RecordingProps {
  camera: Pick<Camera, "id" | "name">;
  timeZone: string;
  sinceUtc: number;
  onTime: (utcMs: number) => void;
}

function Recording({ camera, timeZone, sinceUtc, onTime }: RecordingProps) {
  const { source, retry } = useLocalRecording(camera.id, {
    startUtc: sinceUtc,
    endUtc: sinceUtc + LENGTH_MS,
    startAtUtc: sinceUtc,
  });
  return (
    <Player
      fill
      source={source}
      label={`Gravação: ${camera.name}`}
      timeZone={timeZone}
      onRetry={retry}
      onTime={onTime}
    />
  );
}
