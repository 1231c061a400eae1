// Four cameras live at once: a page of all of them, or those that a guard chose. A click enlarges one.
import { Button, EmptyState, IconButton } from "@gtvision/shared/ui";
import { ArrowLeftRight, Cctv, Grid2x2Plus, History } from "lucide-react";
import type { Camera } from "../api/types";
import { LiveVideo } from "./LiveVideo";
import { Pager } from "./Pager";
import { pageOf, pagesOf, type Tile, tilesOf } from "./tiles";

interface Props {
  cameras: Camera[];
  /** The chosen cameras, as the address has them; undefined for a page of all. */
  mosaic: string | undefined;
  page: string | undefined;
  onEnlarge: (camera: Camera) => void;
  /** Asks which camera goes into a tile. */
  onChoose: (place: number) => void;
  onPage: (page: number) => void;
  onAll: () => void;
  /** Asks for the recordings of what is shown, played together. */
  onTogether: (shown: readonly Tile[]) => void;
}

export function Mosaic(props: Props) {
  const { cameras, mosaic, page, onEnlarge, onChoose, onPage, onAll, onTogether } = props;
  if (cameras.length === 0) {
    return (
      <EmptyState icon={Cctv} title="Nenhuma câmera">
        As câmeras cadastradas na central para esta caixa aparecem aqui.
      </EmptyState>
    );
  }
  const pages = pagesOf(cameras.length);
  const tiles = tilesOf(cameras, mosaic, page);
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <ul
        aria-label="Câmeras ao vivo"
        className="grid min-h-0 flex-1 auto-rows-fr grid-cols-1 gap-1.5 max-md:auto-rows-[56vw] md:grid-cols-2"
      >
        {tiles.map((tile, place) => (
          <li key={tile?.id ?? `free ${place}`} className="group relative min-h-0">
            <MosaicTile
              tile={tile}
              place={place}
              several={cameras.length > 1}
              onEnlarge={onEnlarge}
              onChoose={onChoose}
            />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 text-sm text-ink-soft">
        {mosaic !== undefined && (
          <>
            Mosaico escolhido
            <Button onClick={onAll}>Ver todas as câmeras</Button>
          </>
        )}
        {mosaic === undefined && pages > 1 && (
          <Pager
            label="Páginas do mosaico"
            page={pageOf(page, cameras.length)}
            pages={pages}
            onPage={onPage}
          />
        )}
        <Button onClick={() => onTogether(tiles)}>
          <History aria-hidden className="size-4" />
          Rever gravações juntas
        </Button>
      </div>
    </div>
  );
}

interface TileProps {
  tile: Tile;
  place: number;
  /** There is another camera to put here. */
  several: boolean;
  onEnlarge: (camera: Camera) => void;
  onChoose: (place: number) => void;
}

function MosaicTile({ tile, place, several, onEnlarge, onChoose }: TileProps) {
  if (!tile) {
    return (
      <button
        type="button"
        onClick={() => onChoose(place)}
        className="flex size-full items-center justify-center gap-2 rounded-md border border-dashed border-line text-ink-soft hover:border-accent"
      >
        <Grid2x2Plus aria-hidden className="size-5" />
        Escolher câmera
      </button>
    );
  }
  return (
    <>
      <div className="size-full overflow-hidden rounded-md">
        <LiveVideo camera={tile} variant="sub" />
      </div>
      {/* Over the picture, not around it: a button's words are its name, and these change with every figure. */}
      <button
        type="button"
        data-testid="camera-tile"
        aria-label={`Ampliar ${tile.name}`}
        onClick={() => onEnlarge(tile)}
        className="absolute inset-0 rounded-md border border-line hover:border-accent"
      />
      {several && (
        <IconButton
          label={`Trocar ${tile.name}`}
          onClick={() => onChoose(place)}
          // In the corner of the picture that cameras leave free most often.
          className="absolute top-1.5 right-1.5 bg-canvas/70 opacity-60 group-hover:opacity-100 focus-visible:opacity-100"
        >
          <ArrowLeftRight aria-hidden className="size-4" />
        </IconButton>
      )}
    </>
  );
}
