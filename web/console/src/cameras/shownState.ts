// A camera's state as the console says it: a full disk is not the camera's fault.
import { cameraState, type Tone } from "@gtvision/shared/ui";
import type { Camera } from "../api/types";

export function shownState({ state, fault }: Pick<Camera, "state" | "fault">): {
  tone: Tone;
  label: string;
} {
  if (state === "offline" && fault === "disk") return { tone: "bad", label: "Não grava" };
  return cameraState(state);
}

export function isWell(camera: Pick<Camera, "state" | "fault">): boolean {
  return shownState(camera).tone === "ok";
}
