// The guard's one page: cameras on the left, plates on the right, the box's state below.
import { Brand, Button, ErrorState, LoadingState, UserMenu } from "@gtvision/shared/ui";
import { toIso } from "@gtvision/shared/time";
import { getRouteApi } from "@tanstack/react-router";
import { Cctv, type LucideIcon, Scissors } from "lucide-react";
import { useCallback, useState } from "react";
import type { PlateRead, User } from "../api/types";
import { useBoxNow, useBoxStatus, useCameras, useTimeZone } from "../box/queries";
import { useBoxEvents } from "../box/useBoxEvents";
import { StatusBar } from "../box/StatusBar";
import { Enlarged } from "../cameras/Enlarged";
import { Mosaic } from "../cameras/Mosaic";
import { ClipList } from "../clips/ClipList";
import { HoldList } from "../clips/HoldList";
import { NewClip } from "../clips/NewClip";
import { PlateColumn } from "../plates/PlateColumn";
import { usePlateRead } from "../plates/usePlateRead";
import { ReadPlayback } from "../playback/ReadPlayback";
import { CameraSetup } from "../setup/CameraSetup";
import type { ConsoleSearch } from "./search";

const route = getRouteApi("/");

interface Props {
  user: User;
  onSignOut: () => void;
}

export function ConsolePage({ user, onSignOut }: Props) {
  useBoxEvents();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const timeZone = useTimeZone();
  const plate = search.placa ?? "";
  const { data: cameras } = useCameras();
  const nowUtc = useBoxNow();
  const maySetUp = user.role !== "visualizador";
  const opened = usePlateRead(search.read, search.lida, plate);

  const change = useCallback(
    (changes: ConsoleSearch, replace = false) =>
      void navigate({ search: (now) => ({ ...now, ...changes }), replace }),
    [navigate],
  );
  const open = useCallback(
    (read: PlateRead) => change({ read: read.id, lida: read.plate }),
    [change],
  );

  return (
    <div className="flex min-h-dvh flex-col md:h-dvh">
      <header className="flex items-center gap-4 border-b border-line bg-panel px-3 py-1.5 max-sm:gap-2">
        <h1>
          <Brand />
        </h1>
        <CityName />
        <div className="ml-auto flex shrink-0 items-center gap-2 max-sm:gap-0">
          {maySetUp && (
            <HeaderButton icon={Cctv} label="Câmeras" onClick={() => change({ tela: "cameras" })} />
          )}
          <HeaderButton
            icon={Scissors}
            label="Recortes"
            onClick={() => change({ tela: "recortes" })}
          />
          <UserMenu
            compact
            name={user.name || user.username}
            role={user.role}
            onSignOut={onSignOut}
          />
        </div>
      </header>
      <div className="grid min-h-0 flex-1 gap-2 p-2 md:grid-cols-[1fr_19rem]">
        <main className="min-h-0 min-w-0">
          <Cameras search={search} timeZone={timeZone} change={change} />
        </main>
        <PlateColumn
          plate={plate}
          timeZone={timeZone}
          onSearch={(placa) => change({ placa: placa || undefined }, true)}
          onOpen={open}
        />
      </div>
      <StatusBar />
      {search.tela === "recortes" && (
        <ClipList
          timeZone={timeZone}
          onHolds={() => change({ tela: "protecoes" })}
          onClose={() => change({ tela: undefined })}
        />
      )}
      {search.tela === "protecoes" && cameras && (
        <HoldList
          cameras={cameras}
          camera={search.camera}
          nowUtc={nowUtc}
          timeZone={timeZone}
          mayHold={maySetUp}
          onClips={() => change({ tela: "recortes" })}
          onClose={() => change({ tela: undefined })}
        />
      )}
      {maySetUp && search.tela === "cameras" && (
        <CameraSetup onClose={() => change({ tela: undefined })} />
      )}
      {opened && (
        <ReadPlayback
          key={opened.id}
          read={opened}
          timeZone={timeZone}
          onClose={() => change({ read: undefined, lida: undefined })}
        />
      )}
    </div>
  );
}

interface HeaderButtonProps {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
}

/** Its words leave room for the rest on a phone. */
function HeaderButton({ icon: Icon, label, onClick }: HeaderButtonProps) {
  return (
    <Button variant="quiet" aria-label={label} title={label} onClick={onClick}>
      <Icon aria-hidden className="size-4" />
      <span className="max-sm:hidden">{label}</span>
    </Button>
  );
}

function CityName() {
  const status = useBoxStatus().data;
  return <p className="min-w-0 truncate text-ink-soft max-sm:text-sm">{status?.city_name}</p>;
}

interface CamerasProps {
  search: ConsoleSearch;
  timeZone: string;
  change: (changes: ConsoleSearch) => void;
}

function Cameras({ search, timeZone, change }: CamerasProps) {
  const { data: cameras, error, refetch } = useCameras();
  const nowUtc = useBoxNow();
  /** The moment that a clip is being asked for. */
  const [exportUtc, setExportUtc] = useState<number | null>(null);
  if (!cameras) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  const enlarged = cameras.find(({ id }) => id === search.camera);
  if (!enlarged) {
    return (
      <Mosaic cameras={cameras} onEnlarge={({ id }) => change({ camera: id, desde: undefined })} />
    );
  }
  return (
    <>
      <Enlarged
        camera={enlarged}
        timeZone={timeZone}
        sinceUtc={search.desde ? Date.parse(search.desde) : null}
        onPlayFrom={(utcMs) => change({ desde: utcMs === null ? undefined : toIso(utcMs) })}
        onBack={() => change({ camera: undefined, desde: undefined })}
        onExport={(atUtc) => setExportUtc(atUtc ?? nowUtc)}
      />
      {exportUtc !== null && (
        <NewClip
          cameras={cameras}
          camera={enlarged.id}
          atUtc={exportUtc}
          nowUtc={nowUtc}
          timeZone={timeZone}
          onOrdered={() => {
            setExportUtc(null);
            change({ tela: "recortes" });
          }}
          onClose={() => setExportUtc(null)}
        />
      )}
    </>
  );
}
