// One line of the camera list: a click opens it; the buttons put it on the mosaic or play its recording.
import { formatDate } from "@gtvision/shared/time";
import { Badge, IconButton } from "@gtvision/shared/ui";
import { Archive, Grid2x2Check, Grid2x2Plus, History } from "lucide-react";
import type { RemovedCamera } from "../api/types";
import type { FinderRow } from "./finderRows";
import { shownState } from "./shownState";

interface Props {
  row: FinderRow;
  /** The keyboard is here. */
  active: boolean;
  timeZone: string;
  onOpen: () => void;
  /** What else can be done with a camera that is there. */
  actions: Actions | false;
}

interface Actions {
  onMosaic: boolean;
  mosaicFull: boolean;
  onToggle: () => void;
  onReview: () => void;
}

export function FinderLine({ row, active, timeZone, onOpen, actions }: Props) {
  if (row.kind === "heading") {
    return (
      <h3 className="flex h-full items-end border-b border-line px-4 pb-1.5 text-xs font-semibold tracking-wide text-ink-soft uppercase">
        {row.name}
      </h3>
    );
  }
  return (
    <div
      data-testid="finder-line"
      data-active={active || undefined}
      className="flex h-full items-center gap-1 border-b border-line pr-3 hover:bg-raised data-active:bg-raised data-active:shadow-[inset_3px_0_0_var(--color-accent)]"
    >
      <button
        type="button"
        onClick={onOpen}
        className="flex h-full min-w-0 flex-1 items-center gap-3 px-4 text-left -outline-offset-2"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{row.name}</span>
          {row.kind === "removed" && <Kept removed={row.removed} timeZone={timeZone} />}
        </span>
        {row.kind === "camera" ? (
          <Badge tone={shownState(row.camera).tone}>{shownState(row.camera).label}</Badge>
        ) : (
          <Archive aria-hidden className="size-4 shrink-0 text-ink-muted" />
        )}
      </button>
      {row.kind === "camera" && actions && <Buttons name={row.name} {...actions} />}
    </div>
  );
}

function Buttons({ name, onMosaic, mosaicFull, onToggle, onReview }: Actions & { name: string }) {
  const Mosaic = onMosaic ? Grid2x2Check : Grid2x2Plus;
  return (
    <span className="flex shrink-0">
      <IconButton
        label={`${onMosaic ? "Tirar do mosaico" : "Pôr no mosaico"}: ${name}`}
        aria-pressed={onMosaic}
        disabled={mosaicFull && !onMosaic}
        onClick={onToggle}
        className="aria-pressed:text-accent"
      >
        <Mosaic aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={`Ver gravação: ${name}`} onClick={onReview}>
        <History aria-hidden className="size-4" />
      </IconButton>
    </span>
  );
}

function Kept({ removed, timeZone }: { removed: RemovedCamera; timeZone: string }) {
  const { footage_start, footage_end, kept_until } = removed;
  const [start, end, until] = [footage_start, footage_end, kept_until].map((at) =>
    formatDate(at, timeZone),
  );
  return (
    <span className="block truncate text-xs text-ink-soft tabular-nums">
      Guardada até {until} · gravada de {start} a {end}
    </span>
  );
}
