// Exporting a stretch of footage: which cameras, from when to when, and why.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal, TextField } from "@gtvision/shared/ui";
import { type FormEvent, useState } from "react";
import { CameraPicker, type PickedCamera } from "../cameras/CameraPicker";
import type { Stretch } from "../timeline/view";
import { orderOf } from "./order";
import { useOrderClip } from "./queries";

interface Props {
  cameras: readonly PickedCamera[];
  /** What is on screen. */
  first: readonly string[];
  /** What is offered first. */
  span: Stretch;
  timeZone: string;
  onOrdered: () => void;
  onClose: () => void;
}

export function NewClip({ cameras, first, span, timeZone, onOrdered, onClose }: Props) {
  const [chosen, setChosen] = useState(first);
  const [start, setStart] = useState(() => formatDateTime(span.startUtc, timeZone));
  const [end, setEnd] = useState(() =>
    formatDateTime(Math.ceil(span.endUtc / 1000) * 1000, timeZone),
  );
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const ordering = useOrderClip();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const order = orderOf({ cameras: chosen, start, end, reason }, timeZone);
    if (typeof order === "string") return setProblem(order);
    try {
      await ordering.mutateAsync(order);
      onOrdered();
    } catch (error) {
      setProblem(ApiProblem.from(error).detail);
    }
  }

  return (
    <Modal
      title="Exportar trecho"
      description="O vídeo sai como a câmera o enviou, com a assinatura da caixa"
      onClose={onClose}
      className="max-w-xl"
    >
      <form
        onSubmit={(event) => void submit(event)}
        className="flex flex-col gap-3 overflow-auto p-4"
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <DateTimeField
            label="Início"
            name="start"
            timeZone={timeZone}
            value={start}
            onChange={setStart}
            required
          />
          <DateTimeField
            label="Fim"
            name="end"
            timeZone={timeZone}
            value={end}
            onChange={setEnd}
            required
          />
        </div>
        <TextField
          label="Motivo"
          name="reason"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          placeholder="Boletim de ocorrência, pedido da delegacia…"
          maxLength={500}
          required
        />
        <CameraPicker cameras={cameras} chosen={chosen} onChange={setChosen} />
        {problem && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={ordering.isPending}>
            Exportar
          </Button>
        </div>
      </form>
    </Modal>
  );
}
