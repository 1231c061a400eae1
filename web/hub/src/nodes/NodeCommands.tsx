// What a technician asks of a box from afar, and what it answered.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Badge, Button, SelectField, type Tone } from "@gtvision/shared/ui";
import { useState } from "react";
import type { Camera, NodeCommand, NodeCommandResult, User } from "../api/types";
import { useCameras } from "../cameras/useCameras";
import { Part } from "./Part";
import { useCommand, useCommands, useGiveCommand, type Place } from "./useNode";
import { ACTIONS, STATES } from "./words";

const TONES: Record<NodeCommand["state"], Tone> = {
  waiting: "warn",
  done: "ok",
  failed: "bad",
  expired: "idle",
};

/** A box out of contact carries it out if it comes back so soon. */
const ANSWER_WITHIN_S = 60;

interface Props {
  place: Place;
  timeZone: string;
  role: User["role"];
}

export function NodeCommands({ place, timeZone, role }: Props) {
  const { data } = useCommands(place);
  const giving = useGiveCommand(place);
  const [opened, setOpened] = useState<string>();
  const give = (
    action: "run-doctor" | "collect-logs" | "restart-agent" | "probe-camera",
    camera?: string,
  ) =>
    giving.mutate(
      { action, camera, within_s: ANSWER_WITHIN_S },
      { onSuccess: ({ id }) => setOpened(id) },
    );
  return (
    <Part title="Comandos">
      <div className="flex flex-wrap items-end gap-2">
        {role === "admin" && (
          <>
            <Button className="h-9" disabled={giving.isPending} onClick={() => give("run-doctor")}>
              {ACTIONS["run-doctor"]}
            </Button>
            <Button
              className="h-9"
              disabled={giving.isPending}
              onClick={() => give("collect-logs")}
            >
              {ACTIONS["collect-logs"]}
            </Button>
            <Button
              className="h-9"
              disabled={giving.isPending}
              onClick={() =>
                confirm("Reiniciar o agente? A gravação para por alguns segundos.") &&
                give("restart-agent")
              }
            >
              {ACTIONS["restart-agent"]}
            </Button>
          </>
        )}
        <Probe
          place={place}
          disabled={giving.isPending}
          onProbe={(id) => give("probe-camera", id)}
        />
      </div>
      {giving.isError && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(giving.error).detail}
        </p>
      )}
      <ul className="flex flex-col gap-1 empty:hidden">
        {data?.slice(0, 10).map((one) => (
          <li key={one.id} data-testid="node-command" className="rounded-md border border-line">
            <button
              type="button"
              aria-expanded={one.id === opened}
              onClick={() => setOpened(one.id === opened ? undefined : one.id)}
              className="flex w-full flex-wrap items-center gap-2 p-2 text-left hover:bg-raised"
            >
              <Badge tone={TONES[one.state]}>{STATES[one.state]}</Badge>
              <span className="font-medium">{ACTIONS[one.action] ?? one.action}</span>
              <span className="text-xs text-ink-soft">
                {one.requester} · <DateTime at={one.created_at} timeZone={timeZone} />
              </span>
            </button>
            {one.id === opened && <Answer id={one.id} />}
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface ProbeProps {
  place: Place;
  disabled: boolean;
  onProbe: (cameraId: string) => void;
}

function Probe({ place, disabled, onProbe }: ProbeProps) {
  const cameras = (useCameras().data ?? []).filter((camera) => isOf(camera, place));
  const [chosen, setChosen] = useState("");
  if (cameras.length === 0) return null;
  return (
    <>
      <SelectField
        label="Câmera"
        value={chosen}
        onChange={({ target }) => setChosen(target.value)}
        className="basis-48"
      >
        <option value="">Escolha</option>
        {cameras.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <Button className="h-9" disabled={disabled || !chosen} onClick={() => onProbe(chosen)}>
        {ACTIONS["probe-camera"]}
      </Button>
    </>
  );
}

const isOf = (camera: Camera, { city, code }: Place): boolean =>
  camera.city.code === city && camera.node === code;

function Answer({ id }: { id: string }) {
  const { data } = useCommand(id);
  if (!data || data.state === "waiting") return <p className="p-2 text-ink-soft">Aguardando…</p>;
  return (
    <div className="flex flex-col gap-2 border-t border-line p-2">
      {data.error && <p className="text-bad">{data.error}</p>}
      {data.result && <Result {...data.result} />}
      {!data.error && isEmpty(data.result) && <p className="text-ink-soft">Sem mais a dizer.</p>}
    </div>
  );
}

const isEmpty = (result: NodeCommandResult | null): boolean =>
  !result || (result.findings.length === 0 && result.log.length === 0 && !result.stream);

function Result({ findings, log, stream }: NodeCommandResult) {
  return (
    <>
      <ul className="flex flex-col gap-1 empty:hidden">
        {findings.map(({ subject, ok, text, fix }) => (
          <li key={`${subject}${text}`} className="flex flex-wrap items-baseline gap-2">
            <Badge tone={ok ? "ok" : "bad"}>{ok ? "Bem" : "Mal"}</Badge>
            <span className="font-medium">{subject}</span>
            <span>{text}</span>
            {!ok && fix && <span className="text-warn">{fix}</span>}
          </li>
        ))}
      </ul>
      {log.length > 0 && (
        <pre className="max-h-80 overflow-auto rounded bg-canvas p-2 text-xs">{log.join("\n")}</pre>
      )}
      {stream && (
        <p>
          {stream.verdict} {stream.codec.toUpperCase()} {stream.width}×{stream.height},{" "}
          {stream.fps.toLocaleString("pt-BR")} quadros/s
        </p>
      )}
    </>
  );
}
