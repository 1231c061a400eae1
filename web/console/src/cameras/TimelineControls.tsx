// Below a timeline: how much it shows, earlier and later, and a jump to a time.
import { parseDateTime } from "@gtvision/shared/time";
import { Button, DateTimeField, IconButton } from "@gtvision/shared/ui";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { LENGTHS, type Length } from "./timelineScale";

interface Props {
  length: Length;
  timeZone: string;
  atNow: boolean;
  onLength: (length: Length) => void;
  onMove: (direction: 1 | -1) => void;
  onNow: () => void;
  onGoTo: (utcMs: number) => void;
}

export function TimelineControls({
  length,
  timeZone,
  atNow,
  onLength,
  onMove,
  onNow,
  onGoTo,
}: Props) {
  return (
    <div className="ml-auto flex flex-wrap items-center gap-1.5">
      <IconButton label="Mais cedo" onClick={() => onMove(-1)}>
        <ChevronLeft aria-hidden className="size-4" />
      </IconButton>
      <div
        role="group"
        aria-label="Quanto tempo mostrar"
        className="flex overflow-hidden rounded-md border border-line"
      >
        {LENGTHS.map((option) => (
          <button
            key={option.label}
            type="button"
            aria-pressed={option === length}
            onClick={() => onLength(option)}
            className="h-8 px-2 text-ink-soft -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white"
          >
            {option.label}
          </button>
        ))}
      </div>
      <IconButton label="Mais tarde" disabled={atNow} onClick={() => onMove(1)}>
        <ChevronRight aria-hidden className="size-4" />
      </IconButton>
      <Button disabled={atNow} onClick={onNow}>
        Agora
      </Button>
      <GoTo timeZone={timeZone} onGoTo={onGoTo} />
    </div>
  );
}

function GoTo({ timeZone, onGoTo }: Pick<Props, "timeZone" | "onGoTo">) {
  const [text, setText] = useState("");
  const utcMs = parseDateTime(text, timeZone);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (utcMs !== null) onGoTo(utcMs);
  }

  return (
    <form onSubmit={submit} className="flex items-end gap-1.5">
      <DateTimeField
        label="Ir para"
        name="goto"
        timeZone={timeZone}
        value={text}
        onChange={setText}
      />
      <Button type="submit" disabled={utcMs === null}>
        Ir
      </Button>
    </form>
  );
}
