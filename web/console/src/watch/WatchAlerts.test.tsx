// A watched plate on the console: told in words, kept until acknowledged, reached by the keyboard.
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OpenWatchHits, WatchHit } from "../api/types";
import { WatchAlerts } from "./WatchAlerts";

const { GET, POST } = vi.hoisted(() => ({ GET: vi.fn(), POST: vi.fn() }));
vi.mock("../api/client", () => ({ api: { GET, POST } }));

const onOpen = vi.fn();

function hit(plate: string, kind: "stolen" | "wanted", reads = 1): WatchHit {
  const read = {
    id: `read-of-${plate}`,
    plate,
    captured_at: "2026-01-31T12:00:00Z",
    camera: { id: "cam1", name: "Praça da Matriz" },
  } as WatchHit["read"];
  return { read, entries: [{ id: "w", kind, reason: `BO de ${plate}` }], reads };
}

const answer = (status: number, body?: unknown) => {
  const response = new Response(null, { status });
  return response.ok ? { data: body, response } : { error: body, response };
};

function open(results: WatchHit[], count = results.length) {
  const hits: OpenWatchHits = { results, open: count };
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <WatchAlerts hits={hits} onOpen={onOpen} />
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  GET.mockImplementation(() => new Promise(() => {}));
  POST.mockReset().mockResolvedValue(answer(204));
  onOpen.mockReset();
  document.title = "Console";
});
afterEach(cleanup);

it("says what it is, why, where and when, in words", () => {
  open([hit("ABC1D23", "stolen", 3)]);
  const alert = screen.getByRole("alert");
  for (const words of [
    "Veículo roubado ou furtado",
    "3 leituras",
    "Roubado: BO de ABC1D23",
    "Praça da Matriz",
    "31/01/2026 09:00:00",
  ]) {
    expect(within(alert).getByText(words, { exact: false })).toBeTruthy();
  }
  expect(document.title).toBe("(1) ALERTA DE PLACA · Console");
});

it("is acknowledged alone, or with all that are on screen", async () => {
  open([hit("ABC1D23", "stolen"), hit("XYZ9A88", "wanted")], 60);
  expect(screen.getByText(/60 alertas sem reconhecimento; os 2 mais novos/)).toBeTruthy();
  const [first] = screen.getAllByRole("button", { name: "Reconhecer" });
  fireEvent.click(first as HTMLElement);
  const body = (reads: string[]) => ["/api/watchlist-hits/seen", { body: { reads } }];
  await vi.waitFor(() => expect(POST.mock.calls).toEqual([body(["read-of-ABC1D23"])]));
  vi.stubGlobal("confirm", () => true);
  fireEvent.click(screen.getByRole("button", { name: "Reconhecer todos" }));
  await vi.waitFor(() =>
    expect(POST.mock.calls[1]).toEqual(body(["read-of-ABC1D23", "read-of-XYZ9A88"])),
  );
});

it("stays, and says so, when the box did not take the acknowledgement", async () => {
  POST.mockResolvedValue(answer(500, { detail: "Erro interno da caixa." }));
  open([hit("ABC1D23", "stolen")]);
  fireEvent.click(screen.getByRole("button", { name: "Reconhecer" }));
  expect(await screen.findByText(/não foi reconhecido: Erro interno da caixa/)).toBeTruthy();
  expect(screen.getByTestId("watch-hit")).toBeTruthy();
});

it("is reached by one key, but not while a person types", () => {
  open([hit("ABC1D23", "stolen")]);
  const input = document.body.appendChild(document.createElement("input"));
  input.focus();
  fireEvent.keyDown(input, { key: "a" });
  expect(document.activeElement).toBe(input);
  input.remove();
  fireEvent.keyDown(document.body, { key: "a" });
  expect(document.activeElement?.textContent).toBe("Reconhecer");
});

it("is nothing while there is nothing, and opens the recording of what there is", () => {
  const { unmount } = open([]);
  expect(screen.queryByTestId("watch-hit")).toBeNull();
  unmount();
  const stolen = hit("ABC1D23", "stolen");
  open([stolen]);
  fireEvent.click(screen.getByRole("button", { name: "Ver gravação" }));
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(stolen.read);
});
