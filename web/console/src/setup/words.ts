// What is known of a camera, in words for the person who installs it.
import { shownBitRate } from "@gtvision/shared/live";
import type { DeviceFacts, FoundDevice, Profile } from "../api/types";

const number = (value: number) => value.toLocaleString("pt-BR", { maximumFractionDigits: 1 });

export const shownFps = (fps: number) => (fps > 0 ? `${number(fps)} quadros/s` : "");

export const shownSize = (width: number, height: number) =>
  width > 0 && height > 0 ? `${width}×${height}` : "";

export function shownProfile({ name, codec, width, height, fps, bitrate_bps }: Profile): string {
  return [name, codec, shownSize(width, height), shownFps(fps), shownBitRate(bitrate_bps)]
    .filter(Boolean)
    .join(" · ");
}

export function shownDevice({ name, hardware }: FoundDevice): string {
  return [name, hardware].filter(Boolean).join(" · ") || "Sem nome";
}

export function shownMaker({ manufacturer, model, firmware }: DeviceFacts): string {
  const words = [manufacturer, model, firmware && `versão ${firmware}`];
  return words.filter(Boolean).join(" ") || "A câmera não disse o modelo";
}

/** Where a device's video begins, to be completed by hand when it does not speak ONVIF. */
export function rtspBeginning({ address, rtsp_port }: FoundDevice): string {
  const host = address.includes(":") ? `[${address}]` : address;
  return `rtsp://${host}:${rtsp_port ?? 554}/`;
}
