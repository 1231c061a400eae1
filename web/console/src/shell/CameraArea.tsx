// The page's main part: the mosaic, one camera in full, several together, or the footage of a camera that is gone.
import { toIso } from "@gtvision/shared/time";
import { ErrorState, LoadingState } from "@gtvision/shared/ui";
import type { Camera, RemovedCamera } from "../api/types";
import { useBoxNow, useCameras, useRemovedCameras } from "../box/queries";
import { Enlarged } from "../cameras/Enlarged";
import { Mosaic } from "../cameras/Mosaic";
import { idsOf, layoutOf, tilesOf, withCamera } from "../cameras/tiles";
import { lastMoments, withFootage } from "../cameras/withFootage";
import { Together } from "../together/Together";
import { Exportable } from "./Exportable";
import type { ConsoleSearch } from "./search";

/** How far back recordings are played together from: what a guard has just missed. */
const BACK_MS = 60_000;
const MOST_TOGETHER = 4;

interface Props {
  search: ConsoleSearch;
  timeZone: string;
  change: (changes: ConsoleSearch) => void;
}

export function CameraArea({ search, timeZone, change }: Props) {
  const { data: cameras, error, refetch } = useCameras();
  const { data: removed = [] } = useRemovedCameras();
  const nowUtc = useBoxNow();
  if (!cameras) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  const live = cameras.find(({ id }) => id === search.camera);
  const gone = removed.find(({ id }) => id === search.camera);
  const area = { cameras, removed, search, timeZone, change };
  if (live || gone) return <OneCamera key={search.camera} live={live} gone={gone} {...area} />;
  if (search.juntas !== undefined && search.desde !== undefined) {
    return <Several key={search.juntas} {...area} />;
  }
  const layout = layoutOf(search.grade);
  const tiles = tilesOf(cameras, search.mosaico, search.pagina, layout.tiles);
  return (
    <Mosaic
      cameras={cameras}
      tiles={tiles}
      layout={layout}
      chosen={search.mosaico !== undefined}
      page={search.pagina}
      onEnlarge={(id) => change({ camera: id, desde: undefined })}
      onChoose={(place) => change({ tela: "lista", quadro: String(place + 1) })}
      onPlace={(id, place) => change({ mosaico: withCamera(tiles, id, place) })}
      onPage={(page) => change({ pagina: String(page + 1) })}
      onAll={() => change({ mosaico: undefined })}
      onLayout={({ name }) => change({ grade: name, pagina: undefined })}
      onTogether={() => change({ juntas: idsOf(tiles), desde: toIso(nowUtc - BACK_MS) })}
    />
  );
}

interface AreaProps extends Props {
  cameras: readonly Camera[];
  removed: readonly RemovedCamera[];
}

interface OneProps extends AreaProps {
  live: Camera | undefined;
  gone: RemovedCamera | undefined;
}

function OneCamera({ live, gone, search, timeZone, change, ...known }: OneProps) {
  const shown = live ?? gone;
  if (!shown) return null;
  const firstUtc = live || !gone ? null : lastMoments(gone);
  return (
    <Exportable first={[shown.id]} timeZone={timeZone} change={change} {...known}>
      {(exporting) => (
        <Enlarged
          camera={shown}
          live={live}
          gone={live ? undefined : gone}
          timeZone={timeZone}
          sinceUtc={search.desde ? Date.parse(search.desde) : firstUtc}
          onPlayFrom={(utcMs) => change({ desde: utcMs === null ? undefined : toIso(utcMs) })}
          onBack={() => change({ camera: undefined, desde: undefined })}
          {...exporting}
        />
      )}
    </Exportable>
  );
}

function Several({ search, timeZone, change, ...known }: AreaProps) {
  const wanted = (search.juntas ?? "").split(",");
  const shown = withFootage(known.cameras, known.removed)
    .filter(({ id }) => wanted.includes(id))
    .slice(0, MOST_TOGETHER);
  return (
    <Exportable first={shown.map(({ id }) => id)} timeZone={timeZone} change={change} {...known}>
      {(exporting) => (
        <Together
          cameras={shown}
          timeZone={timeZone}
          sinceUtc={Date.parse(search.desde ?? "")}
          onPlayFrom={(utcMs) => change({ desde: toIso(utcMs) })}
          onBack={() => change({ juntas: undefined, desde: undefined })}
          {...exporting}
        />
      )}
    </Exportable>
  );
}
