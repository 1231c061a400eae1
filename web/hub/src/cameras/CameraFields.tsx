// What is written down of a camera, for a new one and for one that exists.
import { SelectField, TextField } from "@gtvision/shared/ui";
import type { Camera, EdgeNode } from "../api/types";
import { NEAREST, type CameraDraft } from "./draft";

const TRANSPORTS: readonly (readonly [Camera["transport"], string])[] = [
  ["auto", "Automático"],
  ["tcp", "TCP"],
  ["udp", "UDP"],
];

interface Props {
  draft: CameraDraft;
  nodes: readonly EdgeNode[];
  /** The camera exists: its addresses are replaced only where one is typed. */
  exists?: boolean;
  wrong: Readonly<Record<string, string>>;
  onChange: (changes: Partial<CameraDraft>) => void;
}

export function CameraFields({ draft, nodes, exists = false, wrong, onChange }: Props) {
  const kept = "Vazio: continua o endereço atual, que não é mostrado";
  return (
    <>
      <TextField
        label="Nome"
        name="name"
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
        placeholder="Praça da Matriz"
        error={wrong.name}
        maxLength={200}
        pattern=".*\S.*"
        required
      />
      <TextField
        label={exists ? "Novo endereço RTSP" : "Endereço RTSP"}
        name="rtsp_url"
        value={draft.rtspUrl}
        onChange={({ target }) => onChange({ rtspUrl: target.value })}
        placeholder="rtsp://usuario:senha@10.0.0.21:554/stream1"
        hint={exists ? kept : "Com usuário e senha da câmera; fica cifrado e não aparece de novo"}
        error={wrong.rtsp_url}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
        required={!exists}
      />
      <TextField
        label={exists ? "Novo endereço do vídeo menor" : "Endereço do vídeo menor"}
        name="sub_rtsp_url"
        value={draft.subRtspUrl}
        onChange={({ target }) => onChange({ subRtspUrl: target.value })}
        placeholder="rtsp://usuario:senha@10.0.0.21:554/stream2"
        hint={exists ? kept : "Opcional; usado nos mosaicos e em redes lentas"}
        error={wrong.sub_rtsp_url}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Caixa que grava"
          value={draft.node}
          onChange={({ target }) => onChange({ node: target.value })}
        >
          {!exists && <option value={NEAREST}>A mais próxima</option>}
          {nodes.map(({ code }) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
          <option value="">Nenhuma por enquanto</option>
        </SelectField>
        <SelectField
          label="Transporte"
          value={draft.transport}
          onChange={({ target }) =>
            onChange({ transport: target.value as CameraDraft["transport"] })
          }
        >
          {TRANSPORTS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Latitude"
          name="latitude"
          value={draft.latitude}
          onChange={({ target }) => onChange({ latitude: target.value })}
          placeholder="-22,6871"
          error={wrong.latitude}
          autoComplete="off"
        />
        <TextField
          label="Longitude"
          name="longitude"
          value={draft.longitude}
          onChange={({ target }) => onChange({ longitude: target.value })}
          placeholder="-45,7322"
          error={wrong.longitude}
          autoComplete="off"
        />
      </div>
    </>
  );
}
