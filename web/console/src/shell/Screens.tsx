// The lists that open over the page, by the name that the address gives them.
import { KeySheet } from "@gtvision/shared/keys";
import { AlarmList } from "../box/AlarmList";
import { useCameras, useRemovedCameras, useTimeZone } from "../box/queries";
import { withFootage } from "../cameras/withFootage";
import { ClipList } from "../clips/ClipList";
import { HoldList } from "../clips/HoldList";
import { CameraSetup } from "../setup/CameraSetup";
import { KEY_SHEET } from "./consoleKeys";
import { FinderScreen } from "./FinderScreen";
import type { ConsoleSearch } from "./search";

interface Props {
  search: ConsoleSearch;
  nowUtc: number;
  maySetUp: boolean;
  change: (changes: ConsoleSearch, replace?: boolean) => void;
}

export function Screens({ search, nowUtc, maySetUp, change }: Props) {
  const timeZone = useTimeZone();
  const { data: cameras } = useCameras();
  const { data: removed } = useRemovedCameras();
  const close = () => change({ tela: undefined });
  switch (search.tela) {
    case "recortes":
      return (
        <ClipList
          timeZone={timeZone}
          onHolds={() => change({ tela: "protecoes" })}
          onClose={close}
        />
      );
    case "protecoes":
      return (
        cameras && (
          <HoldList
            cameras={withFootage(cameras, removed)}
            camera={search.camera}
            nowUtc={nowUtc}
            timeZone={timeZone}
            mayHold={maySetUp}
            onClips={() => change({ tela: "recortes" })}
            onClose={close}
          />
        )
      );
    case "alarmes":
      return <AlarmList timeZone={timeZone} onClose={close} />;
    case "lista":
      return <FinderScreen search={search} change={change} />;
    case "atalhos":
      return <KeySheet groups={KEY_SHEET} onClose={close} />;
    case "cameras":
      return maySetUp && <CameraSetup onClose={close} />;
    default:
      return null;
  }
}
