// What is wrong at the box is on the console's last line, whenever it began.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AlarmList } from "./AlarmList";
import { StatusBar } from "./StatusBar";

const { GET } = vi.hoisted(() => ({ GET: vi.fn() }));
vi.mock("../api/client", () => ({ api: { GET } }));

const STATUS = {
  city_name: "São Bento",
  node: "caixa-01",
  now: "2026-01-31T12:00:00Z",
  online_with_hub: true,
  disk_free_bytes: 1e9,
  disk_total_bytes: 2e9,
};
let alarms: { text: string; since: string | null }[];

beforeEach(() => {
  alarms = [];
  GET.mockImplementation((path: string) =>
    Promise.resolve({
      data: path === "/api/alarms" ? alarms : STATUS,
      response: new Response(null, { status: 200 }),
    }),
  );
});
afterEach(cleanup);

const wrapped = (children: React.ReactNode) =>
  render(<QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>);

it("says the first alarm and how many there are, and opens the list", async () => {
  alarms = [
    { text: "O disco está quase cheio.", since: "2026-01-31T12:00:00Z" },
    { text: "O relógio da caixa não está sincronizado.", since: null },
  ];
  const onAlarms = vi.fn();
  wrapped(<StatusBar onAlarms={onAlarms} />);
  const button = await screen.findByTestId("alarms");
  expect(button.textContent).toBe("2 alarmes:O disco está quase cheio.");
  fireEvent.click(button);
  expect(onAlarms).toHaveBeenCalledOnce();
});

it("says nothing of alarms when all is well, and the box's name alone", async () => {
  wrapped(<StatusBar onAlarms={vi.fn()} />);
  expect(await screen.findByText("São Bento · caixa-01")).toBeTruthy();
  expect(screen.queryByTestId("alarms")).toBeNull();
});

it("lists each with when it came true, in the city's time", async () => {
  alarms = [{ text: "O disco está quase cheio.", since: "2026-01-31T12:00:00Z" }];
  wrapped(<AlarmList timeZone="America/Sao_Paulo" onClose={vi.fn()} />);
  expect(await screen.findByText("Desde 31/01/2026 09:00:00")).toBeTruthy();
});
