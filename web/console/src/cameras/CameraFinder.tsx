// All cameras of the box in one searchable list, from which one is opened, put on the mosaic, or reviewed.
import { Button, EmptyState, Modal, TextField } from "@gtvision/shared/ui";
import { SearchX } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useCameras, useRemovedCameras } from "../box/queries";
import { FinderLine } from "./FinderLine";
import { type FinderRow, finderRows, nextRow, openableFrom } from "./finderRows";
import type { Tile } from "./tiles";
import { VirtualList } from "./VirtualList";
import { lastMoments } from "./withFootage";

const ROW_PX = 56;

interface Props {
  timeZone: string;
  /** The mosaic that was put together so far. */
  tiles: readonly Tile[];
  /** The tile for which a camera is sought, from 0; undefined for none. */
  place: number | undefined;
  onOpen: (camera: string) => void;
  /** Puts a camera on the mosaic, or takes it off. */
  onToggle: (camera: string) => void;
  onMosaic: () => void;
  /** Plays a camera's recording from a moment; without one, from some minutes ago. */
  onReview: (camera: string, fromUtc?: number) => void;
  onClose: () => void;
}

export function CameraFinder(props: Props) {
  const { timeZone, tiles, place, onOpen, onToggle, onMosaic, onReview, onClose } = props;
  const { data: cameras = [] } = useCameras();
  const { data: removed = [] } = useRemovedCameras();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const rows = finderRows(cameras, place === undefined ? removed : [], typed);
  const used = tiles.filter(Boolean).length;
  const at = openableFrom(rows, Math.min(active, rows.length - 1));

  function open(row: FinderRow | undefined) {
    if (row?.kind === "camera") onOpen(row.id);
    if (row?.kind === "removed") onReview(row.id, lastMoments(row.removed));
  }

  function walk(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setActive(nextRow(rows, at, 1));
    else if (event.key === "ArrowUp") setActive(nextRow(rows, at, -1));
    else if (event.key === "Enter") open(rows[at]);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      title={place === undefined ? "Câmeras" : `Câmera para o quadro ${place + 1} do mosaico`}
      description="Setas escolhem, Enter abre, Esc fecha"
      onClose={onClose}
      className="h-full max-w-2xl"
    >
      <div className="border-b border-line px-4 py-3">
        <TextField
          label="Procurar câmera"
          type="search"
          ref={focused}
          autoComplete="off"
          placeholder="Parte do nome: praça, rodoviária 2…"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setActive(0);
          }}
          onKeyDown={walk}
        />
        <p role="status" className="mt-1.5 text-xs text-ink-muted tabular-nums">
          {told(rows, at, cameras.length)}
        </p>
        {place === undefined && used > 0 && (
          <p className="mt-2 flex items-center gap-3 text-sm text-ink-soft">
            No mosaico: {used} de {tiles.length}
            <Button onClick={onMosaic}>Ver mosaico</Button>
          </p>
        )}
      </div>
      {rows.length === 0 && (
        <EmptyState icon={SearchX} title="Nenhuma câmera com este nome">
          Tente uma parte do nome, com ou sem acentos.
        </EmptyState>
      )}
      <VirtualList
        label="Câmeras da caixa"
        rows={rows}
        rowPx={ROW_PX}
        keyOf={({ kind, id }) => `${kind} ${id}`}
        active={at}
        className="min-h-0 flex-1"
      >
        {(row, index) => (
          <FinderLine
            row={row}
            active={index === at}
            timeZone={timeZone}
            onOpen={() => open(row)}
            actions={
              place === undefined && {
                onMosaic: tiles.some((tile) => tile?.id === row.id),
                mosaicFull: used === tiles.length,
                onToggle: () => onToggle(row.id),
                onReview: () => onReview(row.id),
              }
            }
          />
        )}
      </VirtualList>
    </Modal>
  );
}

/** Who opens the list wants to type a name; the dialog would focus its first button. */
function focused(field: HTMLInputElement | null) {
  field?.focus();
}

/** For who cannot see the list: how many there are, and which one Enter opens. */
function told(rows: readonly FinderRow[], at: number, all: number): string {
  const found = rows.filter(({ kind }) => kind !== "heading").length;
  const row = rows[at];
  if (!row) return `0 de ${all} câmeras`;
  return `${found === 1 ? "1 câmera" : `${found} câmeras`} · Enter abre “${row.name}”`;
}
