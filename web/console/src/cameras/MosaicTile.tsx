// One place of the mosaic: a camera live, or free.
import { IconButton } from "@gtvision/shared/ui";
import { ArrowLeftRight, Grid2x2Plus } from "lucide-react";
import { type DragEvent, useState } from "react";
import { allow, drag, dropped } from "./dragged";
import { LiveVideo } from "./LiveVideo";
import type { Tile } from "./tiles";

interface Props {
  tile: Tile;
  /** There is another camera to put here. */
  several: boolean;
  onEnlarge: (camera: string) => void;
  onChoose: () => void;
  onDropped: (camera: string) => void;
}

export function MosaicTile({ tile, several, onEnlarge, onChoose, onDropped }: Props) {
  const [over, setOver] = useState(false);

  function onDrop(event: DragEvent) {
    setOver(false);
    const camera = dropped(event);
    if (camera !== null && camera !== tile?.id) onDropped(camera);
  }

  return (
    <li
      onDragOver={(event) => {
        allow(event);
        setOver(event.defaultPrevented);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={`group relative min-h-0 rounded-md ${over ? "outline-2 outline-accent" : ""}`}
    >
      {tile ? (
        <>
          <div className="size-full overflow-hidden rounded-md">
            <LiveVideo camera={tile} variant="sub" />
          </div>
          {/* Over the picture, not around it: a button's words are its name, and these change with every figure. */}
          <button
            type="button"
            draggable
            onDragStart={(event) => drag(event, tile.id)}
            data-testid="camera-tile"
            aria-label={`Ampliar ${tile.name}`}
            onClick={() => onEnlarge(tile.id)}
            className="absolute inset-0 rounded-md border border-line hover:border-accent"
          />
          {several && (
            <IconButton
              label={`Trocar ${tile.name}`}
              onClick={onChoose}
              // In the corner of the picture that cameras leave free most often.
              className="absolute top-1.5 right-1.5 bg-canvas/70 opacity-60 group-hover:opacity-100 focus-visible:opacity-100"
            >
              <ArrowLeftRight aria-hidden className="size-4" />
            </IconButton>
          )}
        </>
      ) : (
        <button
          type="button"
          onClick={onChoose}
          className="flex size-full items-center justify-center gap-2 rounded-md border border-dashed border-line text-ink-soft hover:border-accent"
        >
          <Grid2x2Plus aria-hidden className="size-5" />
          Escolher câmera
        </button>
      )}
    </li>
  );
}
