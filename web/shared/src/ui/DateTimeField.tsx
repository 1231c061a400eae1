// A date and time of the city, typed as dd/mm/aaaa hh:mm:ss or picked from a calendar.
// The browser's own field alone would write dates in the language of the computer.
import { CalendarDays } from "lucide-react";
import { type FocusEventHandler, type Ref, useRef } from "react";
import { formatDateTime, fromInputValue, parseDateTime, toInputValue } from "../time";
import { IconButton } from "./Button";
import { TextField } from "./Field";

interface Props {
  label: string;
  name: string;
  timeZone: string;
  /** What is in the field; it may not be a date yet. */
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  hint?: string;
  error?: string | null;
  /** What else than a date and time may be typed. */
  accepts?: (typed: string) => boolean;
  onFocus?: FocusEventHandler<HTMLInputElement>;
  inputRef?: Ref<HTMLInputElement>;
}

export function DateTimeField({
  timeZone,
  value,
  onChange,
  error,
  accepts,
  inputRef,
  ...field
}: Props) {
  const calendar = useRef<HTMLInputElement>(null);
  const utcMs = parseDateTime(value, timeZone);
  const readable = value.trim() === "" || utcMs !== null || accepts?.(value);
  const unreadable = readable ? null : "Escreva como 31/12/2026 08:30.";

  function pick(picked: string) {
    const pickedUtc = fromInputValue(picked, timeZone);
    if (pickedUtc !== null) onChange(formatDateTime(pickedUtc, timeZone));
  }

  return (
    <TextField
      {...field}
      ref={inputRef}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      placeholder="dd/mm/aaaa hh:mm"
      autoComplete="off"
      inputMode="numeric"
      error={unreadable ?? error}
      trailing={
        <>
          <input
            ref={calendar}
            type="datetime-local"
            step={1}
            tabIndex={-1}
            aria-hidden
            value={utcMs === null ? "" : toInputValue(utcMs, timeZone)}
            onChange={({ target }) => pick(target.value)}
            className="pointer-events-none absolute bottom-0 left-0 h-0 w-full opacity-0"
          />
          <IconButton
            label={`Escolher no calendário: ${field.label}`}
            onClick={() => calendar.current?.showPicker()}
            className="absolute inset-y-0 right-0.5 my-auto"
          >
            <CalendarDays aria-hidden className="size-4" />
          </IconButton>
        </>
      }
    />
  );
}
