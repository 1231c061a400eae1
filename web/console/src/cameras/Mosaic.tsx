// Cameras live at once: a page of all of them, or those that a guard put there. A click enlarges one; cameras
// are dragged in from the list beside it, and from tile to tile.
import { useKeys } from "@gtvision/shared/keys";
import { Button, EmptyState, IconButton } from "@gtvision/shared/ui";
import { Cctv, History, Maximize } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Camera } from "../api/types";
import { toggleFullScreen } from "./fullScreen";
import { HealthButton } from "./HealthButton";
import { MosaicTile } from "./MosaicTile";
import { Pager } from "./Pager";
import { Shelf } from "./Shelf";
import { type Layout, LAYOUTS, pageOf, pagesOf, type Tile } from "./tiles";

interface Props {
  cameras: Camera[];
  tiles: readonly Tile[];
  layout: Layout;
  /** A guard put these cameras there; else they are a page of all. */
  chosen: boolean;
  page: string | undefined;
  onEnlarge: (camera: string) => void;
  /** Asks which camera goes into a tile. */
  onChoose: (place: number) => void;
  /** Puts a camera into a tile. */
  onPlace: (camera: string, place: number) => void;
  onPage: (page: number) => void;
  onAll: () => void;
  onLayout: (layout: Layout) => void;
  /** Asks for the recordings of what is shown, played together. */
  onTogether: () => void;
}

export function Mosaic(props: Props) {
  const { cameras, tiles, layout, onEnlarge, onChoose, onPlace } = props;
  const frame = useRef<HTMLUListElement>(null);
  const [shelf, setShelf] = useState(false);
  const keys = useMemo(() => ({ f: () => toggleFullScreen(frame.current) }), []);
  useKeys(keys);
  if (cameras.length === 0) {
    return (
      <EmptyState icon={Cctv} title="Nenhuma câmera">
        As câmeras cadastradas na central para esta caixa aparecem aqui.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <div className="flex min-h-0 flex-1 gap-2 max-md:flex-col">
        {shelf && <Shelf cameras={cameras} onOpen={onEnlarge} />}
        <ul
          ref={frame}
          aria-label="Câmeras ao vivo"
          className={`grid min-h-0 flex-1 auto-rows-fr grid-cols-1 gap-1.5 bg-canvas max-md:auto-rows-[56vw] ${layout.columns}`}
        >
          {tiles.map((tile, place) => (
            <MosaicTile
              key={tile?.id ?? `free ${place}`}
              tile={tile}
              several={cameras.length > 1}
              onEnlarge={onEnlarge}
              onChoose={() => onChoose(place)}
              onDropped={(camera) => onPlace(camera, place)}
            />
          ))}
        </ul>
      </div>
      <MosaicBar
        {...props}
        shelf={shelf}
        onShelf={setShelf}
        onFullScreen={() => toggleFullScreen(frame.current)}
      />
    </div>
  );
}

interface BarProps extends Props {
  shelf: boolean;
  onShelf: (open: boolean) => void;
  onFullScreen: () => void;
}

function MosaicBar(props: BarProps) {
  const { cameras, layout, chosen, page, onPage, onAll, onLayout, onTogether } = props;
  const pages = pagesOf(cameras.length, layout.tiles);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
      <HealthButton cameras={cameras} open={props.shelf} onOpen={props.onShelf} />
      {chosen && <Button onClick={onAll}>Ver todas as câmeras</Button>}
      {!chosen && pages > 1 && (
        <Pager
          label="Páginas do mosaico"
          page={pageOf(page, cameras.length, layout.tiles)}
          pages={pages}
          onPage={onPage}
        />
      )}
      <span className="ml-auto flex items-center gap-1.5">
        <Button onClick={onTogether}>
          <History aria-hidden className="size-4" />
          Rever gravações juntas
        </Button>
        <span
          role="group"
          aria-label="Disposição do mosaico"
          className="flex overflow-hidden rounded-md border border-line max-md:hidden"
        >
          {LAYOUTS.map((option) => (
            <button
              key={option.name}
              type="button"
              aria-pressed={option === layout}
              onClick={() => onLayout(option)}
              className="h-8 px-2 text-ink-soft -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white"
            >
              {option.name.replace("x", "×")}
            </button>
          ))}
        </span>
        <IconButton label="Mosaico em tela cheia (F)" onClick={props.onFullScreen}>
          <Maximize aria-hidden className="size-4" />
        </IconButton>
      </span>
    </div>
  );
}
