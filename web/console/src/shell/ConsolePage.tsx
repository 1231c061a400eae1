// The guard's one page: cameras on the left, plates on the right, the box's state below.
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import type { PlateRead, User } from "../api/types";
import { useBoxNow, useTimeZone } from "../box/queries";
import { useBoxEvents } from "../box/useBoxEvents";
import { StatusBar } from "../box/StatusBar";
import { PlateColumn } from "../plates/PlateColumn";
import { usePlateRead } from "../plates/usePlateRead";
import { ReadPlayback } from "../playback/ReadPlayback";
import { useWatchHits } from "../watch/queries";
import { useSiren } from "../watch/useSiren";
import { WatchAlerts } from "../watch/WatchAlerts";
import { CameraArea } from "./CameraArea";
import { Header } from "./Header";
import { Screens } from "./Screens";
import type { ConsoleSearch } from "./search";
import { useConsoleKeys } from "./consoleKeys";
import { useLastMosaic } from "./useLastMosaic";

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
  const nowUtc = useBoxNow();
  const maySetUp = user.role !== "visualizador";
  const opened = usePlateRead(search.read);
  const { data: hits } = useWatchHits();
  const siren = useSiren(hits?.results[0]?.read.id);

  const change = useCallback(
    (changes: ConsoleSearch, replace = false) =>
      void navigate({ search: (now) => ({ ...now, ...changes }), replace }),
    [navigate],
  );
  const open = useCallback((read: PlateRead) => change({ read: read.id }), [change]);

  useConsoleKeys(change);
  useLastMosaic(user.username, search, change);

  return (
    <div className="flex min-h-dvh flex-col md:h-dvh">
      <Header
        user={user}
        maySetUp={maySetUp}
        siren={siren}
        onScreen={(tela) => change({ tela })}
        onSignOut={onSignOut}
      />
      <WatchAlerts hits={hits} onOpen={open} />
      <div className="grid min-h-0 flex-1 gap-2 p-2 md:grid-cols-[1fr_19rem]">
        <main className="min-h-0 min-w-0">
          <CameraArea search={search} timeZone={timeZone} change={change} />
        </main>
        <PlateColumn
          username={user.username}
          plate={plate}
          timeZone={timeZone}
          onSearch={(placa) => change({ placa: placa || undefined }, true)}
          onOpen={open}
        />
      </div>
      <StatusBar onAlarms={() => change({ tela: "alarmes" })} />
      <Screens search={search} nowUtc={nowUtc} maySetUp={maySetUp} change={change} />
      {opened && (
        <ReadPlayback
          key={opened.id}
          read={opened}
          timeZone={timeZone}
          onClose={() => change({ read: undefined })}
        />
      )}
    </div>
  );
}
