// What was typed in the camera's form, as the questions that the box answers.
import type { DeviceQuestion, FoundDevice, NewCamera } from "../api/types";

/** Where makers put ONVIF when nothing else is said. */
const ONVIF_PORT = 80;

/** The new camera; a test asks the same without its name. A password is sent as typed. */
export function cameraOf(form: FormData): NewCamera {
  return {
    name: trimmed(form, "name"),
    rtsp_url: trimmed(form, "rtsp_url"),
    sub_rtsp_url: trimmed(form, "sub_rtsp_url"),
    ...credentials(form),
  };
}

export function deviceOf(form: FormData, { address, onvif_port }: FoundDevice): DeviceQuestion {
  return { address, port: onvif_port ?? ONVIF_PORT, ...credentials(form) };
}

function credentials(form: FormData) {
  return { username: trimmed(form, "username"), password: text(form, "password") };
}

const trimmed = (form: FormData, name: string) => text(form, name).trim();

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
