// The plates as they are read, newest on top; a click plays the moment.
import {
  AskPurpose,
  passagesOf,
  PlateBadge,
  PlateImage,
  platePatternError,
  readsLabel,
  speedLabel,
  useArrivals,
  usePurpose,
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
import { useSettled } from "./useSettled";

interface Props {
  username: string;
  plate: string;
  timeZone: string;
  onSearch: (plate: string) => void;
  onOpen: (read: PlateRead) => void;
}

export function PlateColumn({ username, plate, timeZone, onSearch, onOpen }: Props) {
  const wrong = platePatternError(plate);
  const [purpose, setPurpose] = usePurpose(username);
  // What is looked for is in the audit trail: the plate, and not each letter on the way to it.
  const asked = useSettled(wrong ? "" : plate);
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
        {asked && !purpose ? (
          <AskPurpose onPurpose={setPurpose} />
        ) : (
          <Reads plate={asked} purpose={purpose} timeZone={timeZone} onOpen={onOpen} />
        )}
      </div>
    </aside>
  );
}

interface ReadsProps {
  plate: string;
  purpose: string;
  timeZone: string;
  onOpen: (read: PlateRead) => void;
}

function Reads({ plate, purpose, timeZone, onOpen }: ReadsProps) {
  const { data, error, refetch } = useLatestReads(plate, purpose);
  const found = passagesOf(data?.results ?? [], ({ id, group }) => group ?? id);
  const { items: passages, hold } = useSteady(found, plate);
  const arrived = useArrivals(
    plate,
    passages.map(({ id }) => id),
  );
  if (!data) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  if (passages.length === 0) {
    return (
      <EmptyState icon={ScanText} title="Nenhuma placa">
        As placas lidas pelas câmeras aparecem aqui.
      </EmptyState>
    );
  }
  return (
    <ul {...hold}>
      {passages.map(({ id, shown, reads }) => (
        <ReadCard
          key={id}
          read={shown}
          // The newest knows of those that are not listed any more.
          reads={reads[0]?.group_size ?? 1}
          timeZone={timeZone}
          arrived={arrived.has(id)}
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
