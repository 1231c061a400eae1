// The cameras of one mosaic, live; each can be enlarged.
import { IconButton } from "@gtvision/shared/ui";
import { clsx } from "clsx";
import { Maximize2 } from "lucide-react";
import type { Camera, Mosaic } from "../api/types";
import { LiveVideo } from "../live/LiveVideo";
import { LAYOUTS } from "./layouts";

interface Props {
  mosaic: Mosaic;
  /** Those of them that the person may see. */
  cameras: Camera[];
  onEnlarge: (camera: string) => void;
}

export function MosaicGrid({ mosaic, cameras, onEnlarge }: Props) {
  const { grid, first } = LAYOUTS[mosaic.layout];
  const shown = mosaic.cameras.flatMap((id) => cameras.filter((camera) => camera.id === id));
  return (
    <div className={clsx("grid gap-2 sm:aspect-video sm:max-h-[calc(100vh-10rem)]", grid)}>
      {shown.map((camera, place) => (
        <div
          key={camera.id}
          data-testid="mosaic-tile"
          className={clsx(
            "min-h-0 overflow-hidden rounded-md border border-line max-sm:aspect-video",
            place === 0 && first,
          )}
        >
          <LiveVideo camera={camera} quality="sub">
            <IconButton label={`Ampliar ${camera.name}`} onClick={() => onEnlarge(camera.id)}>
              <Maximize2 aria-hidden className="size-4" />
            </IconButton>
          </LiveVideo>
        </div>
      ))}
    </div>
  );
}
