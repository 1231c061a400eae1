// Orders a clip: which camera, from when to when, and why.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import { CameraSelect } from "../cameras/CameraSelect";
import { useCameras } from "../cameras/useCameras";
import { useTimeZones } from "../cities/useCities";
import { orderOf } from "./order";
import { useOrderClip } from "./useClips";

interface Props {
  camera: string | undefined;
  onClose: () => void;
}

/** The newest minute that is surely recorded in full is proposed. */
const END_AGO_MS = 120_000;
const LENGTH_MS = 60_000;

export function NewClip({ camera: shown, onClose }: Props) {
  const [camera, setCamera] = useState(shown);
  const city = useCameras().data?.find(({ id }) => id === camera)?.city.code;
  const timeZone = useTimeZones()(city);
  const [end, setEnd] = useState(() => formatDateTime(Date.now() - END_AGO_MS, timeZone));
  const [start, setStart] = useState(() =>
    formatDateTime(Date.now() - END_AGO_MS - LENGTH_MS, timeZone),
  );
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const ordering = useOrderClip();

  function submit(event: FormEvent) {
    event.preventDefault();
    const order = orderOf({ camera, start, end, reason }, timeZone, Date.now());
    if (typeof order === "string") return setProblem(order);
    ordering.mutate(order, {
      onSuccess: onClose,
      onError: (error) => setProblem(ApiProblem.from(error).detail),
    });
  }

  return (
    <Modal
      title="Pedir recorte"
      description="A caixa corta e assina o trecho e o envia para cá; até uma hora por recorte"
      onClose={onClose}
      className="max-w-xl"
    >
      <form onSubmit={submit} className="grid gap-4 overflow-auto p-4 sm:grid-cols-2">
        <CameraSelect required value={camera} onChange={setCamera} className="sm:col-span-2" />
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
        <TextField
          label="Motivo"
          name="reason"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          placeholder="Ex.: BO 123/2026, pedido da delegacia"
          hint="Fica no recorte e na trilha de auditoria"
          maxLength={500}
          required
          className="sm:col-span-2"
        />
        {problem && (
          <p role="alert" className="text-bad sm:col-span-2">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={ordering.isPending}>
            Pedir
          </Button>
        </div>
      </form>
    </Modal>
  );
}
