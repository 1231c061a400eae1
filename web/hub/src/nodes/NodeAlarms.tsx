// A box's alarms: what is wrong since when, and who has taken it.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Badge, Button, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { NodeAlarm } from "../api/types";
import { Part } from "./Part";
import { useAcknowledge, useNodeAlarms, type Place } from "./useNode";

interface Props {
  place: Place;
  timeZone: string;
  mayAcknowledge: boolean;
}

export function NodeAlarms({ place, timeZone, mayAcknowledge }: Props) {
  const [all, setAll] = useState(false);
  const { data, error } = useNodeAlarms(place, !all);
  return (
    <Part title="Alarmes">
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={all} onChange={({ target }) => setAll(target.checked)} />
        Mostrar também os encerrados
      </label>
      {error && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(error).detail}
        </p>
      )}
      {data?.length === 0 && <p className="text-ink-soft">Nenhum alarme.</p>}
      <ul className="flex flex-col gap-2 empty:hidden">
        {data?.map((alarm) => (
          <li
            key={alarm.id}
            data-testid="node-alarm"
            className="flex flex-col gap-1 rounded-md border border-line p-2"
          >
            <Told alarm={alarm} timeZone={timeZone} />
            {mayAcknowledge && !alarm.acknowledged_at && !alarm.closed_at && (
              <Acknowledge alarm={alarm} />
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Told({ alarm, timeZone }: { alarm: NodeAlarm; timeZone: string }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={alarm.closed_at ? "idle" : alarm.critical ? "bad" : "warn"}>
          {alarm.closed_at ? "Encerrado" : alarm.critical ? "Grave" : "Aberto"}
        </Badge>
        <span className="font-medium">{alarm.text}</span>
      </p>
      <p className="text-xs text-ink-soft">
        Desde <DateTime at={alarm.opened_at} timeZone={timeZone} />
        {alarm.closed_at && (
          <>
            {" "}
            até <DateTime at={alarm.closed_at} timeZone={timeZone} />
          </>
        )}
        {alarm.escalated_at && " · a central foi avisada"}
      </p>
      {alarm.acknowledged_at && (
        <p className="text-xs text-ink-soft">
          Com {alarm.acknowledged_by} desde{" "}
          <DateTime at={alarm.acknowledged_at} timeZone={timeZone} />
          {alarm.note && `: ${alarm.note}`}
        </p>
      )}
    </>
  );
}

function Acknowledge({ alarm }: { alarm: NodeAlarm }) {
  const [note, setNote] = useState("");
  const acknowledging = useAcknowledge();

  function submit(event: FormEvent) {
    event.preventDefault();
    acknowledging.mutate({ id: alarm.id, note: note.trim() });
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <TextField
        label="O que será feito (opcional)"
        className="min-w-0 flex-1 basis-56"
        value={note}
        onChange={({ target }) => setNote(target.value)}
        maxLength={500}
        error={acknowledging.isError ? ApiProblem.from(acknowledging.error).detail : undefined}
      />
      <Button type="submit" className="h-9" disabled={acknowledging.isPending}>
        Assumir
      </Button>
    </form>
  );
}
