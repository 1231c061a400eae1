// The camera list as the page's address has it: what is chosen there goes into the address.
import { toIso } from "@gtvision/shared/time";
import { useBoxNow, useCameras, useTimeZone } from "../box/queries";
import { CameraFinder } from "../cameras/CameraFinder";
import { chosenTiles, layoutOf, tilesOf, toggled, withCamera } from "../cameras/tiles";
import type { ConsoleSearch } from "./search";

/** How far back "Ver gravação" goes: what a guard has just missed. */
const BACK_MS = 5 * 60_000;

interface Props {
  search: ConsoleSearch;
  change: (changes: ConsoleSearch, replace?: boolean) => void;
}

const CLOSED: ConsoleSearch = { tela: undefined, quadro: undefined };
const MOSAIC: ConsoleSearch = {
  ...CLOSED,
  camera: undefined,
  desde: undefined,
  juntas: undefined,
};

export function FinderScreen({ search, change }: Props) {
  const { data: cameras = [] } = useCameras();
  const nowUtc = useBoxNow();
  const place = search.quadro === undefined ? undefined : Number(search.quadro) - 1;
  const size = layoutOf(search.grade).tiles;
  const tiles = chosenTiles(cameras, search.mosaico, size);

  function open(camera: string) {
    if (place === undefined) return change({ ...CLOSED, camera, desde: undefined });
    const shown = tilesOf(cameras, search.mosaico, search.pagina, size);
    change({ ...MOSAIC, mosaico: withCamera(shown, camera, place) });
  }

  return (
    <CameraFinder
      timeZone={useTimeZone()}
      tiles={tiles}
      place={place}
      onOpen={open}
      onToggle={(camera) => change({ mosaico: toggled(tiles, camera) }, true)}
      onMosaic={() => change(MOSAIC)}
      onReview={(camera, fromUtc = nowUtc - BACK_MS) =>
        change({ ...CLOSED, camera, desde: toIso(fromUtc) })
      }
      onClose={() => change(CLOSED)}
    />
  );
}
