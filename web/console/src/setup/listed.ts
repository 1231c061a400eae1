// The box's cameras as one list: what it records, and what was added here and is not the hub's.
import { shownBitRate } from "@gtvision/shared/live";
import type { Tone } from "@gtvision/shared/ui";
import type { Camera, LocalCamera } from "../api/types";
import { shownState } from "../cameras/shownState";
import { shownFps, shownSize } from "./words";

export interface ListedCamera {
  id: string;
  name: string;
  tone: Tone;
  /** The state in a word or two. */
  label: string;
  /** What the camera sends, or why it does not. */
  health: string;
  /** Why the hub did not take it. */
  refusal: string;
  /** Added here and not adopted: it can be removed here. */
  local: boolean;
}

export function listed(
  cameras: readonly Camera[],
  local: readonly LocalCamera[],
): readonly ListedCamera[] {
  const own = new Map(local.map((camera) => [camera.id, camera]));
  const recorded = new Set(cameras.map(({ id }) => id));
  const rows = [
    ...cameras.map((camera) => recordedRow(camera, own.get(camera.id))),
    // The box does not record what the hub refused, so it is in one list only.
    ...local.filter(({ id }) => !recorded.has(id)).map(waitingRow),
  ];
  return rows.sort((a, b) => a.name.localeCompare(b.name, "pt-BR", { numeric: true }));
}

function recordedRow(camera: Camera, own: LocalCamera | undefined): ListedCamera {
  return {
    id: camera.id,
    name: camera.name,
    ...shownState(camera),
    health: healthOf(camera),
    refusal: own?.refusal ?? "",
    local: own !== undefined,
  };
}

function waitingRow({ id, name, refusal }: LocalCamera): ListedCamera {
  const shown: Pick<ListedCamera, "tone" | "label"> = refusal
    ? { tone: "bad", label: "Recusada" }
    : { tone: "idle", label: "Começando" };
  return { id, name, ...shown, health: "", refusal, local: true };
}

function healthOf(camera: Camera): string {
  const { state, reason, video_codec, width, height, fps, bitrate_bps } = camera;
  if (state !== "online") return reason;
  const size = shownSize(width, height);
  const sent = [video_codec.toUpperCase(), size, shownFps(fps), shownBitRate(bitrate_bps)];
  return [...sent, reason].filter(Boolean).join(" · ");
}
