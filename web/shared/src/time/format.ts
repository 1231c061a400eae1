// Instants shown in the city's time zone, whatever the zone of the computer that shows them.
import { TZDate } from "@date-fns/tz";
import { format } from "date-fns";

/** An instant as the APIs write it (RFC 3339) or as milliseconds since the epoch. */
export type Instant = string | number;

export const DEFAULT_TIME_ZONE = "America/Sao_Paulo";

const INPUT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss";

const TYPED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ ,]+(\d{1,2})(?::(\d{2})(?::(\d{2}))?)?)?$/;

export function toUtcMs(instant: Instant): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}

export function toIso(utcMs: number): string {
  return new Date(utcMs).toISOString();
}

export function formatDateTime(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, "dd/MM/yyyy HH:mm:ss");
}

export function formatDate(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, "dd/MM/yyyy");
}

export function formatTime(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, "HH:mm:ss");
}

export function formatHourMinute(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, "HH:mm");
}

/** The value of a `datetime-local` input. */
export function toInputValue(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, INPUT_FORMAT);
}

/** The instant that the value of a `datetime-local` input means in the city; null when incomplete. */
export function fromInputValue(value: string, timeZone: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/.exec(value);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  return new TZDate(
    year ?? 0,
    (month ?? 1) - 1,
    day ?? 1,
    hour ?? 0,
    minute ?? 0,
    second ?? 0,
    timeZone,
  ).getTime();
}

/** The instant that "24/11/2026 08:30" (or without hour, or with seconds) means in the city; null if none. */
export function parseDateTime(text: string, timeZone: string): number | null {
  const parts = TYPED.exec(text.trim());
  if (!parts) return null;
  const [day, month, year, ...time] = parts.slice(1).map((part) => (part ?? "0").padStart(2, "0"));
  const date = `${year}-${month}-${day}`;
  const utcMs = fromInputValue(`${date}T${time.join(":")}`, timeZone);
  // 31/02 and 25:00 would spill over into the next month or day.
  return utcMs !== null && toInputValue(utcMs, timeZone) === `${date}T${time.join(":")}`
    ? utcMs
    : null;
}

/** Midnight in the city, `daysAgo` days before today. */
export function startOfDay(nowUtcMs: number, timeZone: string, daysAgo = 0): number {
  const now = new TZDate(nowUtcMs, timeZone);
  return new TZDate(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() - daysAgo,
    0,
    0,
    0,
    timeZone,
  ).getTime();
}

/** How far the city is from UTC at an instant: negative in Brazil. */
export function offsetMs(utcMs: number, timeZone: string): number {
  return -new TZDate(utcMs, timeZone).getTimezoneOffset() * 60_000;
}

/** "24/11", for the labels of days. */
export function formatDayMonth(instant: Instant, timeZone: string): string {
  return formatAs(instant, timeZone, "dd/MM");
}

/** "há 5 s", "há 3 min", "há 2 h", "há 4 dias": how long ago, for health columns. */
export function formatAge(instant: Instant, nowUtcMs: number): string {
  const seconds = Math.max(0, Math.round((nowUtcMs - toUtcMs(instant)) / 1000));
  if (seconds < 60) return `há ${seconds} s`;
  if (seconds < 3600) return `há ${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `há ${Math.floor(seconds / 3600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "há 1 dia" : `há ${days} dias`;
}

function formatAs(instant: Instant, timeZone: string, pattern: string): string {
  const utcMs = toUtcMs(instant);
  return Number.isNaN(utcMs) ? "—" : format(new TZDate(utcMs, timeZone), pattern);
}
