// Differences between hub and box read like sentences.
import { expect, it } from "vitest";
import type { Camera } from "../api/types";
import { fieldLabel, valueText } from "./words";

const cameras = [{ id: "c1", name: "Praça" }] as Camera[];

it("names what differs by the names that people know", () => {
  expect(fieldLabel("retention_days", cameras)).toBe("Dias de gravação");
  expect(fieldLabel("cameras/c1/rtsp_url", cameras)).toBe("Câmera Praça: endereço do vídeo");
  expect(fieldLabel("cameras/c9", cameras)).toBe("Câmera c9");
  expect(fieldLabel("users/joana/role", cameras)).toBe("Pessoa joana: perfil");
  expect(fieldLabel("something_new", cameras)).toBe("something_new");
});

it("shows no secret", () => {
  expect(valueText("s3cret", true)).toBe("•••");
  expect(valueText(null, false)).toBe("—");
  expect(valueText(false, false)).toBe("não");
  expect(valueText(15, false)).toBe("15");
});
