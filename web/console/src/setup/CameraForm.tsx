// A new camera: asked about itself by ONVIF or typed as an RTSP address, tested, added.
// What is typed, the password above all, stays in the inputs; what is asked with it is forgotten with the form.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Spinner, TextField } from "@gtvision/shared/ui";
import { type FormEvent, useRef, useState } from "react";
import type { FoundDevice } from "../api/types";
import { useAddCamera, useAskDevice, useTestCamera } from "./queries";
import { cameraOf, deviceOf } from "./question";
import { StreamFields } from "./StreamFields";
import { StreamVerdict } from "./StreamVerdict";
import { shownMaker } from "./words";

interface Props {
  /** Found on the network; without one the address is typed. */
  device?: FoundDevice;
  onAdded: (name: string) => void;
}

export function CameraForm({ device, onAdded }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [byHand, setByHand] = useState(!device?.onvif_port);
  const [problem, setProblem] = useState<string | null>(null);
  const asking = useAskDevice();
  const testing = useTestCamera();
  const adding = useAddCamera();
  const facts = asking.data;
  const isAsked = byHand || facts !== undefined;
  const waiting = waitingText(asking.isPending, testing.isPending, adding.isPending);

  async function attempt(action: (typed: FormData) => Promise<unknown>) {
    if (!form.current || waiting) return;
    setProblem(null);
    try {
      await action(new FormData(form.current));
    } catch (error) {
      setProblem(ApiProblem.from(error).detail);
    }
  }

  const ask = (typed: FormData) =>
    device ? asking.mutateAsync(deviceOf(typed, device)) : Promise.resolve();

  async function add(typed: FormData) {
    const { name } = await adding.mutateAsync(cameraOf(typed));
    onAdded(name);
  }

  function test(typed: FormData) {
    const { rtsp_url, username, password } = cameraOf(typed);
    return testing.mutateAsync({ rtsp_url, username, password });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void attempt(isAsked ? add : ask);
  }

  return (
    <form
      ref={form}
      onSubmit={submit}
      // A verdict is about what was tested, not about what is typed now.
      onChange={() => testing.isSuccess && testing.reset()}
      className="flex min-h-0 flex-col"
    >
      <div className="flex flex-col gap-3 overflow-auto p-4">
        {device && (
          <p className="text-sm text-ink-soft">
            <span className="font-medium text-ink tabular-nums">{device.address}</span>
            {facts && ` · ${shownMaker(facts)}`}
          </p>
        )}
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label="Usuário da câmera" name="username" maxLength={100} autoComplete="off" />
          <TextField
            label="Senha da câmera"
            name="password"
            type="password"
            maxLength={200}
            // Browsers offer to keep a password that is not "new".
            autoComplete="new-password"
          />
        </div>
        {isAsked && <StreamFields device={device} facts={facts} />}
        {testing.data && <StreamVerdict test={testing.data} />}
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        {problem && (
          <p role="alert" className="w-full text-sm text-bad">
            {problem}
          </p>
        )}
        <p role="status" className="mr-auto flex items-center gap-2 text-sm text-ink-soft">
          {waiting && <Spinner className="size-4" />}
          {waiting}
        </p>
        {isAsked ? (
          <>
            <Button
              disabled={waiting !== ""}
              onClick={() => form.current?.rtsp_url.reportValidity() && void attempt(test)}
            >
              Testar
            </Button>
            <Button type="submit" variant="primary" disabled={waiting !== ""}>
              Adicionar
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => setByHand(true)}>Informar endereço RTSP</Button>
            <Button type="submit" variant="primary" disabled={waiting !== ""}>
              Ver os vídeos da câmera
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

function waitingText(asking: boolean, testing: boolean, adding: boolean): string {
  if (asking) return "Perguntando à câmera…";
  if (testing) return "Testando: leva alguns segundos…";
  return adding ? "Adicionando…" : "";
}
