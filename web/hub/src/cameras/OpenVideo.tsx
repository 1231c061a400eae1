// The video of a camera that the page's address names: live, recorded from a moment, or the question which moment.
import type { Camera } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { LiveDialog } from "../live/LiveDialog";
import { CameraPlayback } from "../playback/CameraPlayback";
import { FootageDialog } from "./FootageDialog";
import type { FootageSearch } from "./search";

interface Props {
  camera: Camera;
  search: FootageSearch;
  onOpen: (search: FootageSearch) => void;
}

export function OpenVideo({ camera, search: { aovivo, inicio }, onOpen }: Props) {
  const timeZoneOf = useTimeZones();
  const close = () => onOpen({});
  if (aovivo) {
    return (
      <LiveDialog
        camera={camera}
        quality={aovivo === "alta" ? "main" : "sub"}
        onQuality={(best) =>
          onOpen({ camera: camera.id, aovivo: best === "main" ? "alta" : "baixa" })
        }
        onRecording={() => onOpen({ camera: camera.id })}
        onClose={close}
      />
    );
  }
  if (inicio) {
    return <CameraPlayback camera={camera} startUtc={Date.parse(inicio)} onClose={close} />;
  }
  return (
    <FootageDialog
      camera={camera}
      timeZone={timeZoneOf(camera.city.code)}
      onPick={(start) => onOpen({ camera: camera.id, inicio: start })}
      onClose={close}
    />
  );
}
