// A jump to a time: a date and time, or only a time of the day that is on screen.
import { formatDate, formatDateTime, parseDateTime } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal } from "@gtvision/shared/ui";
import { type FormEvent, useState } from "react";

interface Props {
  /** What is on screen: its day is meant where none is typed. */
  fromUtc: number;
  nowUtc: number;
  timeZone: string;
  onGoTo: (utcMs: number) => void;
  onClose: () => void;
}

export function GoTo({ fromUtc, nowUtc, timeZone, onGoTo, onClose }: Props) {
  const [text, setText] = useState(() => formatDateTime(fromUtc, timeZone));
  const utcMs = momentOf(text, fromUtc, timeZone);
  const isFuture = utcMs !== null && utcMs > nowUtc;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (utcMs === null || isFuture) return;
    onGoTo(utcMs);
    onClose();
  }

  return (
    <Modal
      title="Ir para um horário"
      description="Data e hora, ou só a hora do dia que está na tela: 14:30"
      onClose={onClose}
      className="max-w-sm"
    >
      <form onSubmit={submit} className="flex flex-col gap-3 p-4">
        <DateTimeField
          label="Data e hora"
          name="goto"
          timeZone={timeZone}
          value={text}
          onChange={setText}
          onFocus={({ target }) => target.select()}
          inputRef={focused}
          accepts={(typed) => momentOf(typed, fromUtc, timeZone) !== null}
          error={isFuture ? "Este horário ainda não chegou." : null}
        />
        <Button type="submit" variant="primary" disabled={utcMs === null || isFuture}>
          Ir
        </Button>
      </form>
    </Modal>
  );
}

/** Who opens it wants to type; the dialog would focus its first button. */
function focused(field: HTMLInputElement | null): void {
  field?.focus();
}

/** What was typed, as an instant; null while it is none. */
export function momentOf(text: string, fromUtc: number, timeZone: string): number | null {
  const time = /^\d{1,2}:\d{2}(:\d{2})?$/.test(text.trim());
  return parseDateTime(time ? `${formatDate(fromUtc, timeZone)} ${text.trim()}` : text, timeZone);
}
