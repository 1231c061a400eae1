// A gestor sees what is wrong at a box without asking a technician.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { EdgeNode } from "../api/types";
import { Alarms } from "./Alarms";

afterEach(cleanup);

const WELL: EdgeNode = {
  etag: "0",
  code: "caixa-01",
  city: { code: "vale-verde", name: "Vale Verde" },
  latitude: null,
  longitude: null,
  online: true,
  last_seen_at: null,
  desired_revision: 1,
  reported_revision: 1,
  differences: [],
  alarms: [],
  forced_out_until: null,
  agent_version: "1",
  disk_free_bytes: 1,
  disk_total_bytes: 2,
  outbox_depth: 0,
  behind_since: null,
  cpu_share: 0.1,
  clock_synchronised: true,
  clock_error_ms: 1,
  cameras_online: 4,
  cameras_total: 4,
  system: "Debian 12",
  certificate_serial: "1",
  certificate_expires_at: null,
  revoked_at: null,
};

const show = (node: Partial<EdgeNode>) =>
  render(<Alarms node={{ ...WELL, ...node }} timeZone="America/Sao_Paulo" />);

it("says nothing of a box that is well", () => {
  expect(show({}).container.textContent).toBe("—");
});

it("shows the box's own words with the city's time", () => {
  show({
    alarms: [
      { text: "Disco cheio.", since: "2026-11-24T15:00:00Z", critical: true },
      { text: "O relógio não está sincronizado.", since: null, critical: false },
    ],
  });
  expect(screen.getByText("2 alarmes")).toBeTruthy();
  expect(screen.getByText(/^Disco cheio\. \(24\/11\/2026 12:00:00\)$/)).toBeTruthy();
  expect(screen.getByText("O relógio não está sincronizado.")).toBeTruthy();
});

it("says which promised footage a full disk took", () => {
  show({ forced_out_until: "2026-11-22T15:00:00Z" });
  expect(screen.getByText(/^Faltam gravações de até 22\/11\/2026 12:00:00:/)).toBeTruthy();
});
