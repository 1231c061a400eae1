// Looking after one camera: its name, addresses, box and place, and taking it out of use.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { Camera } from "../api/types";
import { useNodesOf } from "../nodes/useNode";
import { CameraFields } from "./CameraFields";
import { draftOf, toChange, wrongWith } from "./draft";
import { useChangeCamera, useRetireCamera } from "./useCameraChanges";

interface Props {
  camera: Camera;
  onClose: () => void;
}

export function CameraDialog({ camera, onClose }: Props) {
  return (
    <Modal
      title={camera.name}
      description={`${camera.city.name} · ${camera.node ?? "sem caixa"}`}
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-5 overflow-auto p-4">
        <Terms camera={camera} />
        <Retire camera={camera} onRetired={onClose} />
      </div>
    </Modal>
  );
}

function Terms({ camera }: { camera: Camera }) {
  const nodes = useNodesOf(camera.city.code);
  // What the draft began with, and not what the list has learnt since.
  const [known, setKnown] = useState(camera);
  const [draft, setDraft] = useState(() => draftOf(camera));
  const [dropSub, setDropSub] = useState(false);
  const [wrongHere, setWrongHere] = useState<Record<string, string>>({});
  const changing = useChangeCamera(camera.id);
  const problem = changing.isError ? ApiProblem.from(changing.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    const wrong = wrongWith(draft);
    setWrongHere(wrong);
    if (Object.keys(wrong).length > 0) return;
    changing.mutate(
      { ...toChange(draft, known, dropSub), etag: known.etag },
      {
        onSuccess: (changed) => {
          setKnown(changed);
          setDraft(draftOf(changed));
          setDropSub(false);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <CameraFields
        exists
        draft={draft}
        nodes={nodes}
        wrong={{ ...problem?.fields, ...wrongHere }}
        onChange={(changes) => setDraft({ ...draft, ...changes })}
      />
      {known.sub_stream && (
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={dropSub}
            onChange={({ target }) => setDropSub(target.checked)}
          />
          Deixar de usar o vídeo menor
        </label>
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" disabled={changing.isPending}>
          Salvar
        </Button>
        <p role="status" className="text-ok empty:hidden">
          {changing.isSuccess && "Salvo. A caixa recebe a mudança assim que está conectada."}
        </p>
      </div>
      <p role="alert" className="text-bad empty:hidden">
        {problem?.detail}
      </p>
    </form>
  );
}

interface RetireProps {
  camera: Camera;
  onRetired: () => void;
}

function Retire({ camera, onRetired }: RetireProps) {
  const retiring = useRetireCamera(camera.id);
  const asked = `Retirar ${camera.name} de uso? Ela deixa de gravar agora; o que já gravou continua até o fim do prazo.`;
  return (
    <section aria-label="Retirar de uso" className="flex flex-col gap-2 border-t border-line pt-4">
      <Button
        className="self-start text-bad"
        disabled={retiring.isPending}
        onClick={() => confirm(asked) && retiring.mutate(undefined, { onSuccess: onRetired })}
      >
        Retirar de uso
      </Button>
      {retiring.isError && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(retiring.error).detail}
        </p>
      )}
    </section>
  );
}
