// From a device found to a camera that is recorded, with the box's words when it refuses.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FoundDevice } from "../api/types";
import { CameraForm } from "./CameraForm";

const { POST } = vi.hoisted(() => ({ POST: vi.fn() }));
vi.mock("../api/client", () => ({ api: { POST } }));

const DEVICE: FoundDevice = {
  address: "10.0.0.5",
  onvif_port: 80,
  rtsp_port: 554,
  name: "",
  hardware: "",
};
const PROFILE = { codec: "H264", width: 640, height: 360, fps: 25, bitrate_bps: 0 };
const FACTS = {
  manufacturer: "Intelbras",
  model: "VIP",
  firmware: "",
  serial: "",
  clock_difference_s: 0,
  profiles: [
    { ...PROFILE, token: "1", name: "Main", stream_url: "rtsp://10.0.0.5/1" },
    { ...PROFILE, token: "2", name: "Sub", stream_url: "rtsp://10.0.0.5/2" },
  ],
  main_url: "rtsp://10.0.0.5/1",
  sub_url: "rtsp://10.0.0.5/2",
  notes: ["A câmera não informou a hora."],
};
const CREDENTIALS = { username: "admin", password: " s3nha " };

const onAdded = vi.fn();
let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  POST.mockReset();
  onAdded.mockReset();
});
afterEach(cleanup);

function answer(status: number, body: unknown) {
  const response = new Response(null, { status });
  POST.mockResolvedValueOnce(response.ok ? { data: body, response } : { error: body, response });
}

function type(label: string, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

function open(device?: FoundDevice) {
  const shown = render(
    <QueryClientProvider client={client}>
      <CameraForm device={device} onAdded={onAdded} />
    </QueryClientProvider>,
  );
  type("Usuário da câmera", CREDENTIALS.username);
  type("Senha da câmera", CREDENTIALS.password);
  return shown;
}

it("asks the device, offers its streams, and adds the chosen ones", async () => {
  const { unmount } = open(DEVICE);
  answer(200, FACTS);
  press("Ver os vídeos da câmera");
  await screen.findByLabelText("Vídeo gravado");
  expect(POST).toHaveBeenLastCalledWith("/api/discovery/device", {
    body: { address: "10.0.0.5", port: 80, ...CREDENTIALS },
  });
  expect(screen.getByText("A câmera não informou a hora.")).toBeTruthy();

  type("Nome da câmera", "Praça da Matriz");
  answer(201, { id: "c", name: "Praça da Matriz", rtsp_url: FACTS.main_url, refusal: "" });
  press("Adicionar");
  await vi.waitFor(() => expect(onAdded).toHaveBeenCalledExactlyOnceWith("Praça da Matriz"));
  expect(POST).toHaveBeenLastCalledWith("/api/cameras", {
    body: {
      name: "Praça da Matriz",
      rtsp_url: FACTS.main_url,
      sub_rtsp_url: FACTS.sub_url,
      ...CREDENTIALS,
    },
  });

  unmount();
  await vi.waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]));
});

it("shows the picture and the verdict of a test, until something else is typed", async () => {
  open();
  type("Vídeo gravado", "rtsp://10.0.0.5/1");
  answer(200, { ok: true, verdict: "Pronto para gravar.", notes: [], snapshot: "data:," });
  press("Testar");
  expect(await screen.findByText("Pronto para gravar.")).toBeTruthy();
  expect(screen.getByRole("img", { name: "O que a câmera mostra agora" })).toBeTruthy();
  type("Vídeo gravado", "rtsp://10.0.0.5/2");
  await vi.waitFor(() => expect(screen.queryByText("Pronto para gravar.")).toBeNull());
});

it("says at the form why the box refuses, and lets one try again", async () => {
  open();
  type("Vídeo gravado", "rtsp://10.0.0.5/1");
  type("Nome da câmera", "Praça");
  answer(409, { detail: "Este vídeo já está cadastrado como «Escola»." });
  press("Adicionar");
  expect((await screen.findByRole("alert")).textContent).toContain("«Escola»");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Adicionar" }).disabled).toBe(false);
  expect(onAdded).not.toHaveBeenCalled();
});
