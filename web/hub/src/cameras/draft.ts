// A camera as a person types it, and as the hub takes it.
import type { Camera, CameraChange, NewCamera } from "../api/types";

export interface CameraDraft {
  name: string;
  rtspUrl: string;
  /** The smaller stream's. */
  subRtspUrl: string;
  transport: Camera["transport"];
  /** Code of the box; NEAREST is for new ones, "" is none. */
  node: string;
  /** Degrees with a decimal comma or point, or nothing. */
  latitude: string;
  longitude: string;
}

/** Of the boxes the one that is nearest to the camera: the hub chooses. */
export const NEAREST = "*";

export const EMPTY: CameraDraft = {
  name: "",
  rtspUrl: "",
  subRtspUrl: "",
  transport: "auto",
  node: NEAREST,
  latitude: "",
  longitude: "",
};

/** What is known of a camera; its addresses carry a password and are never shown again. */
export const draftOf = (camera: Camera): CameraDraft => ({
  name: camera.name,
  rtspUrl: "",
  subRtspUrl: "",
  transport: camera.transport,
  node: camera.home_node ?? camera.node ?? "",
  latitude: camera.latitude?.toLocaleString("pt-BR", { maximumFractionDigits: 7 }) ?? "",
  longitude: camera.longitude?.toLocaleString("pt-BR", { maximumFractionDigits: 7 }) ?? "",
});

/** What is wrong with a draft before the hub is asked, by the field's name in the API. */
export function wrongWith(draft: CameraDraft): Record<string, string> {
  const { latitude, longitude } = draft;
  if (!latitude.trim() !== !longitude.trim())
    return { latitude: "Informe latitude e longitude, ou nenhuma." };
  const wrong: Record<string, string> = {};
  if (!isDegrees(latitude, 90)) wrong.latitude = "Graus entre -90 e 90. Ex.: -22,6871";
  if (!isDegrees(longitude, 180)) wrong.longitude = "Graus entre -180 e 180. Ex.: -45,7322";
  return wrong;
}

export function toNewCamera(draft: CameraDraft, city: string | undefined, lpr: boolean): NewCamera {
  return {
    city,
    name: draft.name.trim(),
    rtsp_url: draft.rtspUrl.trim(),
    sub_rtsp_url: draft.subRtspUrl.trim(),
    transport: draft.transport,
    ...(draft.node === NEAREST ? {} : { node: draft.node || null }),
    lpr,
    latitude: degrees(draft.latitude),
    longitude: degrees(draft.longitude),
  };
}

/** Only what differs from `camera`: an address that is left empty stays as it is. */
export function toChange(draft: CameraDraft, camera: Camera, dropSub: boolean): CameraChange {
  const was = draftOf(camera);
  const differs = (field: keyof CameraDraft) => draft[field] !== was[field];
  return {
    ...(differs("name") && { name: draft.name.trim() }),
    ...(draft.rtspUrl.trim() && { rtsp_url: draft.rtspUrl.trim() }),
    ...(draft.subRtspUrl.trim() && { sub_rtsp_url: draft.subRtspUrl.trim() }),
    ...(dropSub && { sub_rtsp_url: "" }),
    ...(differs("transport") && { transport: draft.transport }),
    ...(differs("node") && { node: draft.node || null }),
    ...((differs("latitude") || differs("longitude")) && {
      latitude: degrees(draft.latitude),
      longitude: degrees(draft.longitude),
    }),
  };
}

function degrees(text: string): number | null {
  return text.trim() ? Number(text.trim().replace(",", ".")) : null;
}

function isDegrees(text: string, most: number): boolean {
  const given = degrees(text);
  return given === null || Math.abs(given) <= most;
}
