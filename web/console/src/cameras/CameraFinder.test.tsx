// The way to any of a thousand cameras: typed, walked to with the keyboard, opened or put on the mosaic.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CameraFinder } from "./CameraFinder";
import type { Tile } from "./tiles";

const { GET } = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock("../api/client", () => ({ api: { GET } }));

const CAMERAS = Array.from({ length: 1000 }, (_, n) => ({
  id: `c${n + 1}`,
  name: `Câmera ${n + 1}`,
  state: "online",
}));
const REMOVED = [
  {
    id: "old",
    name: "Coreto",
    footage_start: "2026-11-01T12:00:00Z",
    footage_end: "2026-11-20T12:00:00Z",
    kept_until: "2026-12-20T12:00:00Z",
  },
];
const ANSWERS: Record<string, unknown> = {
  "/api/cameras": CAMERAS,
  "/api/cameras/removed": REMOVED,
};
const act = { onOpen: vi.fn(), onToggle: vi.fn(), onReview: vi.fn(), onMosaic: vi.fn() };

beforeEach(() => {
  GET.mockImplementation((path: string) =>
    Promise.resolve({ data: ANSWERS[path], response: new Response() }),
  );
  for (const called of Object.values(act)) called.mockReset();
});
afterEach(cleanup);

async function open(options: { tiles?: readonly Tile[]; place?: number } = {}) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <CameraFinder
        timeZone="America/Sao_Paulo"
        tiles={options.tiles ?? []}
        place={options.place}
        {...act}
        onClose={vi.fn()}
      />
    </QueryClientProvider>,
  );
  await screen.findByText("Câmera 1");
}

const field = () => screen.getByLabelText("Procurar câmera");
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const press = (key: string) => fireEvent.keyDown(field(), { key });

it("draws only what is in sight of a thousand cameras", async () => {
  await open();
  expect(screen.getAllByTestId("finder-line").length).toBeLessThan(40);
  expect(screen.getByRole("status").textContent).toContain("1001 câmeras");
});

it("opens the first match with Enter, and another with the arrows", async () => {
  await open();
  type("camera 100");
  press("Enter");
  expect(act.onOpen).toHaveBeenLastCalledWith("c100");
  press("ArrowDown");
  expect(screen.getByRole("status").textContent).toContain("“Câmera 1000”");
  press("Enter");
  expect(act.onOpen).toHaveBeenLastCalledWith("c1000");
});

it("says so when nothing has this name, and then opens nothing", async () => {
  await open();
  type("rodoviária");
  expect(screen.getByText("Nenhuma câmera com este nome")).toBeTruthy();
  press("Enter");
  expect(act.onOpen).not.toHaveBeenCalled();
});

it("shows a removed camera apart, with until when its footage is kept, and plays it", async () => {
  await open();
  type("coreto");
  expect(screen.getByRole("heading", { name: "Câmeras removidas" })).toBeTruthy();
  expect(
    screen.getByText(/Guardada até 20\/12\/2026 · gravada de 01\/11\/2026 a 20\/11\/2026/),
  ).toBeTruthy();
  expect(screen.queryByRole("button", { name: /mosaico/ })).toBeNull();
  press("Enter");
  expect(act.onReview).toHaveBeenCalledWith("old", Date.parse("2026-11-20T11:55:00Z"));
});

it("puts cameras on the mosaic until it is full, and takes them off", async () => {
  const tiles = CAMERAS.slice(0, 4) as Tile[];
  await open({ tiles });
  expect(screen.getByText(/No mosaico: 4 de 4/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Tirar do mosaico: Câmera 2" }));
  expect(act.onToggle).toHaveBeenCalledWith("c2");
  expect(screen.getByRole("button", { name: "Pôr no mosaico: Câmera 5" })).toHaveProperty(
    "disabled",
    true,
  );
});

it("chooses a camera for one tile, and then nothing else", async () => {
  await open({ place: 1 });
  expect(screen.getByText("Câmera para o quadro 2 do mosaico")).toBeTruthy();
  type("coreto");
  expect(screen.queryByTestId("finder-line")).toBeNull();
  type("camera 7");
  expect(screen.queryByRole("button", { name: /Ver gravação/ })).toBeNull();
  press("Enter");
  expect(act.onOpen).toHaveBeenCalledWith("c7");
});
