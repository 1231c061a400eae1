import { expect, it } from "vitest";
import { cameraOf, deviceOf } from "./question";

function typed(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

it("takes the spaces off everything but the password", () => {
  const form = typed({
    name: " Praça ",
    rtsp_url: " rtsp://10.0.0.5/1 ",
    username: " admin ",
    password: " s3nha ",
  });
  expect(cameraOf(form)).toEqual({
    name: "Praça",
    rtsp_url: "rtsp://10.0.0.5/1",
    sub_rtsp_url: "",
    username: "admin",
    password: " s3nha ",
  });
});

it("asks a device at the port where it was found", () => {
  const form = typed({ username: "admin", password: "x" });
  expect(deviceOf(form, { address: "10.0.0.5", onvif_port: 8899, name: "", hardware: "" })).toEqual(
    { address: "10.0.0.5", port: 8899, username: "admin", password: "x" },
  );
});
