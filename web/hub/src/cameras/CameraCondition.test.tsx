// A camera that is not recorded says why, on the page where it is missed.
import { cleanup, render, screen } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import type { Camera } from "../api/types";
import { CameraCondition } from "./CameraCondition";
import { RefusedCameras } from "./RefusedCameras";

const { GET } = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock("../api/client", () => ({ api: { GET } }));
vi.mock("../auth/useUser", () => ({ useUser: () => null }));
afterEach(cleanup);

const CAMERA: Camera = {
  id: "c1",
  name: "Praça",
  city: { code: "vale-verde", name: "Vale Verde" },
  node: "caixa-01",
  state: "offline",
  reason: "A câmera recusou a senha.",
  last_seen_at: null,
  measured: null,
  transport: "auto",
  sub_stream: false,
  lpr: false,
  latitude: null,
  longitude: null,
  etag: "0",
};

it("shows the state with its reason", () => {
  render(<CameraCondition camera={CAMERA} />);
  expect(screen.getByText("Sem sinal")).toBeTruthy();
  expect(screen.getByText("A câmera recusou a senha.")).toBeTruthy();
});

function refusedCameras(refused: unknown[]) {
  const answers: Record<string, unknown[]> = {
    "/api/v1/refused-cameras": refused,
    "/api/v1/cities": [],
  };
  GET.mockImplementation((path: string) =>
    Promise.resolve({ data: answers[path], response: new Response() }),
  );
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <RefusedCameras />
    </QueryClientProvider>,
  );
}

it("lists what the prefeitura did not take, with the reason", async () => {
  const reason = "A prefeitura já tem 1000 câmeras, o máximo permitido.";
  const city = { code: "vale-verde", name: "Vale Verde" };
  const at = "2026-11-24T15:00:00Z";
  refusedCameras([{ camera: "c9", name: "Portão", city, node: "caixa-01", reason, at }]);
  expect(await screen.findByText(reason)).toBeTruthy();
  expect(screen.getByText("Portão")).toBeTruthy();
});

it("is not there when nothing was refused", async () => {
  const shown = refusedCameras([]);
  await vi.waitFor(() => expect(GET).toHaveBeenCalled());
  expect(shown.container.textContent).toBe("");
});
