// All cameras beside the mosaic, those with a problem first: a click opens one, a drag puts it into a tile.
import type { Camera } from "../api/types";
import { Badge } from "@gtvision/shared/ui";
import { drag } from "./dragged";
import { isWell, shownState } from "./shownState";
import { VirtualList } from "./VirtualList";

const ROW_PX = 44;

interface Props {
  cameras: readonly Camera[];
  onOpen: (camera: string) => void;
}

export function Shelf({ cameras, onOpen }: Props) {
  const rows = [...cameras.filter((camera) => !isWell(camera)), ...cameras.filter(isWell)];
  return (
    <section
      aria-label="Lista de câmeras"
      className="flex w-60 shrink-0 flex-col overflow-hidden rounded-md border border-line bg-panel max-md:h-48 max-md:w-full"
    >
      <VirtualList
        label="Câmeras para o mosaico"
        rows={rows}
        rowPx={ROW_PX}
        keyOf={({ id }) => id}
        className="min-h-0 flex-1"
      >
        {(camera) => (
          <button
            type="button"
            draggable
            data-testid="shelf-camera"
            onDragStart={(event) => drag(event, camera.id)}
            onClick={() => onOpen(camera.id)}
            className="flex size-full cursor-grab items-center gap-2 border-b border-line px-2.5 text-left text-sm -outline-offset-2 hover:bg-raised"
          >
            <span className="min-w-0 flex-1 truncate">{camera.name}</span>
            <Badge tone={shownState(camera).tone}>{shownState(camera).label}</Badge>
          </button>
        )}
      </VirtualList>
    </section>
  );
}
