// The page's main part: the mosaic, one camera in full, or the footage of a camera that is gone.
import { toIso } from "@gtvision/shared/time";
import { ErrorState, LoadingState } from "@gtvision/shared/ui";
import { useState } from "react";
import type { Camera, RemovedCamera } from "../api/types";
import { useBoxNow, useCameras, useRemovedCameras } from "../box/queries";
import { Enlarged } from "../cameras/Enlarged";
import { Mosaic } from "../cameras/Mosaic";
import { lastMoments, withFootage } from "../cameras/withFootage";
import { NewClip } from "../clips/NewClip";
import { around, isSpan } from "../clips/span";
import type { Stretch } from "../timeline/view";
import type { ConsoleSearch } from "./search";

interface Props {
  search: ConsoleSearch;
  timeZone: string;
  change: (changes: ConsoleSearch) => void;
}

export function CameraArea({ search, timeZone, change }: Props) {
  const { data: cameras, error, refetch } = useCameras();
  const { data: removed } = useRemovedCameras();
  if (!cameras) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  const live = cameras.find(({ id }) => id === search.camera);
  const gone = removed?.find(({ id }) => id === search.camera);
  if (live || gone) {
    return (
      <OneCamera
        key={search.camera}
        live={live}
        gone={gone}
        cameras={cameras}
        removed={removed ?? []}
        search={search}
        timeZone={timeZone}
        change={change}
      />
    );
  }
  return (
    <Mosaic
      cameras={cameras}
      mosaic={search.mosaico}
      page={search.pagina}
      onEnlarge={({ id }) => change({ camera: id, desde: undefined })}
      onChoose={(place) => change({ tela: "lista", quadro: String(place + 1) })}
      onPage={(page) => change({ pagina: String(page + 1) })}
      onAll={() => change({ mosaico: undefined })}
    />
  );
}

interface OneProps extends Props {
  live: Camera | undefined;
  gone: RemovedCamera | undefined;
  cameras: readonly Camera[];
  removed: readonly RemovedCamera[];
}

function OneCamera({ live, gone, cameras, removed, search, timeZone, change }: OneProps) {
  const nowUtc = useBoxNow();
  const [mark, setMark] = useState<Stretch | null>(null);
  /** What a clip is being asked for. */
  const [exported, setExported] = useState<Stretch | null>(null);
  const shown = live ?? gone;
  if (!shown) return null;
  const firstUtc = live || !gone ? null : lastMoments(gone);
  return (
    <>
      <Enlarged
        camera={shown}
        live={live}
        gone={live ? undefined : gone}
        timeZone={timeZone}
        sinceUtc={search.desde ? Date.parse(search.desde) : firstUtc}
        onPlayFrom={(utcMs) => change({ desde: utcMs === null ? undefined : toIso(utcMs) })}
        onBack={() => change({ camera: undefined, desde: undefined })}
        mark={mark}
        onMark={setMark}
        onExport={(atUtc) => setExported(isSpan(mark) ? mark : around(atUtc ?? nowUtc, nowUtc))}
      />
      {exported !== null && (
        <NewClip
          cameras={withFootage(cameras, removed)}
          camera={shown.id}
          span={exported}
          timeZone={timeZone}
          onOrdered={() => {
            setExported(null);
            setMark(null);
            change({ tela: "recortes" });
          }}
          onClose={() => setExported(null)}
        />
      )}
    </>
  );
}
