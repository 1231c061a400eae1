// Asks for the moment from which a camera's recording is to be watched.
import { formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal } from "@gtvision/shared/ui";
import { Play } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { Camera } from "../api/types";

/** The newest recording that is surely there in full. */
const MINUTES_AGO_MS = 2 * 60_000;

interface Props {
  camera: Camera;
  timeZone: string;
  /** Called with the chosen instant, RFC 3339. */
  onPick: (start: string) => void;
  onClose: () => void;
}

export function FootageDialog({ camera, timeZone, onPick, onClose }: Props) {
  const [value, setValue] = useState(() => formatDateTime(Date.now() - MINUTES_AGO_MS, timeZone));
  const start = parseDateTime(value, timeZone);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (start !== null) onPick(toIso(start));
  }

  return (
    <Modal
      title="Ver gravação"
      description={`${camera.name} · ${camera.city.name}`}
      onClose={onClose}
      className="max-w-md"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 p-4">
        <DateTimeField
          label="A partir de"
          name="inicio"
          timeZone={timeZone}
          required
          value={value}
          onChange={setValue}
          hint="Horário da cidade. Será mostrado 1 minuto de gravação."
        />
        <Button type="submit" variant="primary" className="h-9">
          <Play aria-hidden className="size-4" />
          Abrir gravação
        </Button>
      </form>
    </Modal>
  );
}
