// A guard's jump to a time.
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GoTo, momentOf } from "./GoTo";
import { endedAt, startedAt } from "./timelineKeys";

const ZONE = "America/Sao_Paulo";
const SHOWN = Date.parse("2026-11-24T15:00:00Z");
const onGoTo = vi.fn();
const onClose = vi.fn();

beforeEach(() => vi.clearAllMocks());
afterEach(cleanup);

function type(text: string) {
  render(
    <GoTo
      fromUtc={SHOWN}
      nowUtc={SHOWN + 3_600_000}
      timeZone={ZONE}
      onGoTo={onGoTo}
      onClose={onClose}
    />,
  );
  const field = screen.getByLabelText("Data e hora");
  fireEvent.change(field, { target: { value: text } });
  fireEvent.submit(field);
}

it("a time alone is of the day on screen, in the city", () => {
  expect(momentOf("8:05", SHOWN, ZONE)).toBe(Date.parse("2026-11-24T11:05:00Z"));
  expect(momentOf("23/11/2026 08:05:30", SHOWN, ZONE)).toBe(Date.parse("2026-11-23T11:05:30Z"));
  expect(momentOf("25:00", SHOWN, ZONE)).toBeNull();
});

it("goes there, and closes", () => {
  type("08:05");
  expect(onGoTo).toHaveBeenCalledExactlyOnceWith(Date.parse("2026-11-24T11:05:00Z"));
  expect(onClose).toHaveBeenCalledOnce();
});

it("says of a time to come that it has not come", () => {
  type("25/11/2026 08:00");
  expect(screen.getByText("Este horário ainda não chegou.")).toBeTruthy();
  expect(onGoTo).not.toHaveBeenCalled();
});

it("one end of a span that is set past the other begins a new one", () => {
  expect(startedAt({ startUtc: 10, endUtc: 20 }, 15)).toEqual({ startUtc: 15, endUtc: 20 });
  expect(startedAt({ startUtc: 10, endUtc: 20 }, 30)).toEqual({ startUtc: 30, endUtc: 30 });
  expect(endedAt({ startUtc: 10, endUtc: 20 }, 15)).toEqual({ startUtc: 10, endUtc: 15 });
  expect(endedAt(null, 5)).toEqual({ startUtc: 5, endUtc: 5 });
});
