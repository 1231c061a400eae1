// Takes one camera into the system.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { useNodesOf } from "../nodes/useNode";
import { CopyField } from "../shell/CopyField";
import { CameraFields } from "./CameraFields";
import { EMPTY, NEAREST, toNewCamera, wrongWith } from "./draft";
import { useAddCamera } from "./useCameraChanges";

export function NewCamera({ onClose }: { onClose: () => void }) {
  const own = useUser()?.city?.code;
  const [chosen, setChosen] = useState<string>();
  const city = own ?? chosen;
  const nodes = useNodesOf(city);
  const [draft, setDraft] = useState(EMPTY);
  const [lpr, setLpr] = useState(false);
  const [wrongHere, setWrongHere] = useState<Record<string, string>>({});
  const adding = useAddCamera();
  const problem = adding.isError ? ApiProblem.from(adding.error) : null;
  const secret = adding.data?.lpr_secret;

  function submit(event: FormEvent) {
    event.preventDefault();
    const wrong = wrongWith(draft);
    setWrongHere(wrong);
    if (Object.keys(wrong).length > 0) return;
    adding.mutate(toNewCamera(draft, city, lpr), {
      onSuccess: (camera) => camera.lpr_secret || onClose(),
    });
  }

  if (secret) return <Secret name={draft.name.trim()} secret={secret} onClose={onClose} />;

  return (
    <Modal
      title="Cadastrar câmera"
      description="A caixa começa a gravar em segundos"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <CitySelect
          required
          value={chosen}
          onChange={(code) => {
            // A box is of one prefeitura.
            setDraft({ ...draft, node: NEAREST });
            setChosen(code);
          }}
        />
        <CameraFields
          draft={draft}
          nodes={nodes}
          wrong={{ ...problem?.fields, ...wrongHere }}
          onChange={(changes) => setDraft({ ...draft, ...changes })}
        />
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={lpr} onChange={({ target }) => setLpr(target.checked)} />
          Esta câmera lê placas
        </label>
        <p role="alert" className="text-bad empty:hidden">
          {problem?.detail}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={adding.isPending}>
            Cadastrar
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface SecretProps {
  name: string;
  secret: string;
  onClose: () => void;
}

function Secret({ name, secret, onClose }: SecretProps) {
  return (
    <Modal
      title={`${name} cadastrada`}
      description="O que a câmera precisa para enviar placas"
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-4 p-4">
        <CopyField label="Senha da câmera para enviar placas" value={secret} />
        <p className="text-xs text-ink-soft">Guarde agora: ela não aparece de novo.</p>
        <Button variant="primary" className="self-end" onClick={onClose}>
          Concluir
        </Button>
      </div>
    </Modal>
  );
}
