// Times are the city's, wherever the browser is.
import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatDateTime,
  formatDayMonth,
  formatHourMinute,
  fromInputValue,
  offsetMs,
  parseDateTime,
  startOfDay,
  toInputValue,
} from "./format";

const SAO_PAULO = "America/Sao_Paulo";
const MANAUS = "America/Manaus";
const RIO_BRANCO = "America/Rio_Branco";
const INSTANT = "2026-11-24T02:17:08.900Z";

describe("an instant on screen", () => {
  it("is written as dd/MM/yyyy HH:mm:ss in the city's zone", () => {
    expect(formatDateTime(INSTANT, SAO_PAULO)).toBe("23/11/2026 23:17:08");
    expect(formatDateTime(INSTANT, MANAUS)).toBe("23/11/2026 22:17:08");
    expect(formatDateTime(INSTANT, RIO_BRANCO)).toBe("23/11/2026 21:17:08");
  });

  it("may come as milliseconds or with another offset", () => {
    expect(formatDateTime(Date.parse(INSTANT), SAO_PAULO)).toBe("23/11/2026 23:17:08");
    expect(formatHourMinute("2026-11-24T04:17:08+02:00", SAO_PAULO)).toBe("23:17");
  });

  it("follows the daylight saving time that Brazil had until 2019", () => {
    expect(formatDateTime("2018-12-01T12:00:00Z", SAO_PAULO)).toBe("01/12/2018 10:00:00");
    expect(formatDateTime("2019-12-01T12:00:00Z", SAO_PAULO)).toBe("01/12/2019 09:00:00");
  });

  it("is a dash when it cannot be read", () => {
    expect(formatDateTime("never", SAO_PAULO)).toBe("—");
  });
});

describe("a typed date and time", () => {
  it("means the city's time", () => {
    expect(parseDateTime("24/11/2026 08:30:15", MANAUS)).toBe(Date.parse("2026-11-24T12:30:15Z"));
  });

  it("may leave out seconds, or the hour altogether", () => {
    expect(parseDateTime("24/11/2026 8:30", SAO_PAULO)).toBe(Date.parse("2026-11-24T11:30:00Z"));
    expect(parseDateTime(" 1/2/2026 ", SAO_PAULO)).toBe(Date.parse("2026-02-01T03:00:00Z"));
  });

  it.each(["", "ontem", "31/02/2026", "24/13/2026", "24/11/2026 25:00", "24/11/26", "2026-11-24"])(
    "is refused as %j",
    (text) => expect(parseDateTime(text, SAO_PAULO)).toBeNull(),
  );

  it("reads back what is shown", () => {
    const shown = formatDateTime(INSTANT, RIO_BRANCO);
    expect(parseDateTime(shown, RIO_BRANCO)).toBe(Date.parse("2026-11-24T02:17:08Z"));
  });
});

describe("a calendar's value", () => {
  it("goes to the city's time and back", () => {
    expect(toInputValue(INSTANT, SAO_PAULO)).toBe("2026-11-23T23:17:08");
    expect(fromInputValue("2026-11-23T23:17:08", SAO_PAULO)).toBe(
      Date.parse("2026-11-24T02:17:08Z"),
    );
    expect(fromInputValue("2026-11-23T23:17", SAO_PAULO)).toBe(Date.parse("2026-11-24T02:17:00Z"));
    expect(fromInputValue("2026-11-23", SAO_PAULO)).toBeNull();
  });
});

it("a day starts at the city's midnight", () => {
  const now = Date.parse(INSTANT); // already the 24th in UTC, still the 23rd in the city
  expect(startOfDay(now, SAO_PAULO)).toBe(Date.parse("2026-11-23T03:00:00Z"));
  expect(startOfDay(now, SAO_PAULO, 1)).toBe(Date.parse("2026-11-22T03:00:00Z"));
});

it.each([
  [0, "há 0 s"],
  [59, "há 59 s"],
  [61, "há 1 min"],
  [7200, "há 2 h"],
  [86_400, "há 1 dia"],
  [300_000, "há 3 dias"],
])("an age of %i seconds is told as %s", (seconds, told) => {
  expect(formatAge(INSTANT, Date.parse(INSTANT) + seconds * 1000)).toBe(told);
});

it("a clock that runs ahead makes no negative age", () => {
  expect(formatAge(INSTANT, Date.parse(INSTANT) - 5000)).toBe("há 0 s");
});

it("knows how far the city is from UTC", () => {
  expect(offsetMs(Date.parse("2026-11-24T12:00:00Z"), "America/Sao_Paulo")).toBe(-3 * 3_600_000);
});

it("labels days in the city's zone", () => {
  expect(formatDayMonth("2026-11-24T02:00:00Z", "America/Sao_Paulo")).toBe("23/11");
});
