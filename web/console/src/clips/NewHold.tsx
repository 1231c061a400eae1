// Keeping a stretch of a camera's footage past its plan: which camera, from when to when, and why.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime } from "@gtvision/shared/time";
import { Button, DateTimeField, SelectField, TextField } from "@gtvision/shared/ui";
import { type FormEvent, useState } from "react";
import type { PickedCamera } from "../cameras/CameraPicker";
import { holdOf } from "./order";
import { useHold } from "./queries";

const HOUR_MS = 3_600_000;

interface Props {
  cameras: readonly PickedCamera[];
  camera: string | undefined;
  nowUtc: number;
  timeZone: string;
}

export function NewHold({ cameras, camera, nowUtc, timeZone }: Props) {
  const [chosen, setChosen] = useState(camera ?? cameras[0]?.id ?? "");
  const [start, setStart] = useState(() => formatDateTime(nowUtc - HOUR_MS, timeZone));
  const [end, setEnd] = useState(() => formatDateTime(nowUtc, timeZone));
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const holding = useHold();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const order = holdOf({ camera: chosen, start, end, reason }, timeZone);
    if (typeof order === "string") return setProblem(order);
    try {
      await holding.mutateAsync(order);
      setReason("");
      setProblem(null);
    } catch (error) {
      setProblem(ApiProblem.from(error).detail);
    }
  }

  return (
    <form
      aria-label="Proteger gravação"
      onSubmit={(event) => void submit(event)}
      className="grid gap-3 border-b border-line p-4 sm:grid-cols-3"
    >
      <SelectField
        label="Câmera"
        value={chosen}
        onChange={({ target }) => setChosen(target.value)}
        required
      >
        {cameras.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <DateTimeField
        label="Início"
        name="hold-start"
        timeZone={timeZone}
        value={start}
        onChange={setStart}
        required
      />
      <DateTimeField
        label="Fim"
        name="hold-end"
        timeZone={timeZone}
        value={end}
        onChange={setEnd}
        required
      />
      <TextField
        label="Motivo"
        name="hold-reason"
        className="sm:col-span-2"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        placeholder="Ofício, inquérito, pedido da delegacia…"
        maxLength={500}
        required
      />
      <Button type="submit" variant="primary" className="self-end" disabled={holding.isPending}>
        Proteger
      </Button>
      {problem && (
        <p role="alert" className="text-sm text-bad sm:col-span-3">
          {problem}
        </p>
      )}
    </form>
  );
}
