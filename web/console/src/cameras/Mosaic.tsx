// Four cameras live at once; a click enlarges one. More than four come in pages.
import { Button, EmptyState } from "@gtvision/shared/ui";
import { Cctv } from "lucide-react";
import { useState } from "react";
import type { Camera } from "../api/types";
import { LiveVideo } from "./LiveVideo";

const TILES = 4;

interface Props {
  cameras: Camera[];
  onEnlarge: (camera: Camera) => void;
}

export function Mosaic({ cameras, onEnlarge }: Props) {
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil(cameras.length / TILES));
  const shown = cameras.slice((page % pages) * TILES, (page % pages) * TILES + TILES);

  if (cameras.length === 0) {
    return (
      <EmptyState icon={Cctv} title="Nenhuma câmera">
        As câmeras cadastradas na central para esta caixa aparecem aqui.
      </EmptyState>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <ul
        aria-label="Câmeras ao vivo"
        className="grid min-h-0 flex-1 auto-rows-fr grid-cols-1 gap-1.5 max-md:auto-rows-[56vw] md:grid-cols-2"
      >
        {shown.map((camera) => (
          <li key={camera.id} className="min-h-0">
            <button
              type="button"
              data-testid="camera-tile"
              aria-label={`Ampliar ${camera.name}`}
              onClick={() => onEnlarge(camera)}
              className="block size-full overflow-hidden rounded-md border border-line text-left hover:border-accent"
            >
              <LiveVideo camera={camera} variant="sub" />
            </button>
          </li>
        ))}
      </ul>
      {pages > 1 && (
        <nav aria-label="Páginas do mosaico" className="flex justify-center gap-1.5">
          {Array.from({ length: pages }, (_, index) => (
            <Button
              key={index}
              aria-current={index === page ? "page" : undefined}
              variant={index === page ? "primary" : "plain"}
              onClick={() => setPage(index)}
            >
              {index + 1}
            </Button>
          ))}
        </nav>
      )}
    </div>
  );
}
