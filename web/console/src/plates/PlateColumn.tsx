// The plates as they are read, newest on top; a click plays the moment.
import {
  PlateBadge,
  PlateImage,
  platePatternError,
  speedLabel,
  useArrivals,
  useSteady,
} from "@gtvision/shared/plates";
import { formatTime } from "@gtvision/shared/time";
import { EmptyState, ErrorState, LoadingState, TextField } from "@gtvision/shared/ui";
import { clsx } from "clsx";
import { ScanText } from "lucide-react";
import { memo } from "react";
import type { PlateRead } from "../api/types";
import { useLatestReads } from "../box/queries";
import { HitTag } from "../watch/HitTag";
import { readsLabel } from "../watch/words";
import { vehiclesOf } from "./vehicles";

interface Props {
  plate: string;
  timeZone: string;
  onSearch: (plate: string) => void;
  onOpen: (read: PlateRead) => void;
}

export function PlateColumn({ plate, timeZone, onSearch, onOpen }: Props) {
  const wrong = platePatternError(plate);
  return (
    <aside
      aria-label="Leituras de placas"
      className="flex min-h-0 flex-col overflow-hidden rounded-md border border-line bg-panel"
    >
      <div role="search" className="border-b border-line p-2.5">
        <TextField
          label="Buscar placa"
          value={plate}
          onChange={({ target }) => onSearch(target.value.toUpperCase())}
          placeholder="Use ? e *"
          autoComplete="off"
          spellCheck={false}
          maxLength={16}
          error={wrong}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Reads plate={wrong ? "" : plate} timeZone={timeZone} onOpen={onOpen} />
      </div>
    </aside>
  );
}

function Reads({ plate, timeZone, onOpen }: Omit<Props, "onSearch">) {
  const { data, error, refetch } = useLatestReads(plate || undefined);
  const { items: vehicles, hold } = useSteady(vehiclesOf(data?.results ?? []), plate);
  const arrived = useArrivals(
    plate,
    vehicles.map(({ read }) => read.group ?? read.id),
  );
  if (!data) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  if (vehicles.length === 0) {
    return (
      <EmptyState icon={ScanText} title="Nenhuma placa">
        As placas lidas pelas câmeras aparecem aqui.
      </EmptyState>
    );
  }
  return (
    <ul {...hold}>
      {vehicles.map(({ read, reads }) => (
        <ReadCard
          key={read.group ?? read.id}
          read={read}
          reads={reads}
          timeZone={timeZone}
          arrived={arrived.has(read.group ?? read.id)}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

interface CardProps {
  read: PlateRead;
  reads: number;
  timeZone: string;
  arrived: boolean;
  onOpen: (read: PlateRead) => void;
}

const ReadCard = memo(function ReadCard({ read, reads, timeZone, arrived, onOpen }: CardProps) {
  const facts = [speedLabel(read.speed_kmh), readsLabel(reads)].filter(Boolean);
  return (
    <li className={clsx("border-b border-line", arrived && "animate-arrive")}>
      <button
        type="button"
        data-testid="plate-row"
        data-plate={read.plate}
        onClick={() => onOpen(read)}
        className="flex w-full gap-3 p-2 text-left -outline-offset-2 hover:bg-raised"
      >
        <PlateImage read={read} className="h-[74px] w-[124px] shrink-0 rounded" />
        <span className="flex min-w-0 flex-col gap-0.5">
          <span>
            <PlateBadge plate={read.plate} />
          </span>
          <span className="truncate text-xs text-ink-soft">{read.camera.name}</span>
          <span className="truncate text-xs text-ink-muted tabular-nums">
            <time dateTime={read.captured_at} className="font-medium text-ink">
              {formatTime(read.captured_at, timeZone)}
            </time>
            {facts.map((fact) => ` · ${fact}`)}
          </span>
          <span>
            <HitTag hits={read.hits} />
          </span>
        </span>
      </button>
    </li>
  );
});
