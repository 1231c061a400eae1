// Which streams of the camera to take: chosen among those it offers, or typed; and its name.
import { SelectField, TextField } from "@gtvision/shared/ui";
import type { DeviceFacts, FoundDevice } from "../api/types";
import { rtspBeginning, shownProfile } from "./words";

const MAX_URL = 1000;
const MAIN = { label: "Vídeo gravado", name: "rtsp_url", required: true };
const SUB = { label: "Vídeo menor, para o mosaico (opcional)", name: "sub_rtsp_url" };

interface Props {
  device?: FoundDevice;
  /** What the camera said of itself, when it was asked. */
  facts?: DeviceFacts;
}

export function StreamFields({ device, facts }: Props) {
  const isOffered = facts?.profiles && facts.profiles.length > 0;
  return (
    <>
      {isOffered ? <Offered facts={facts} /> : <Typed device={device} />}
      <TextField
        label="Nome da câmera"
        name="name"
        placeholder="Praça da Matriz"
        maxLength={200}
        required
        autoComplete="off"
      />
      {facts && <Notes notes={facts.notes} />}
    </>
  );
}

function Offered({ facts }: { facts: DeviceFacts }) {
  const options = facts.profiles?.map((profile) => (
    <option key={profile.token} value={profile.stream_url}>
      {shownProfile(profile)}
    </option>
  ));
  return (
    <>
      <SelectField {...MAIN} defaultValue={facts.main_url}>
        {options}
      </SelectField>
      <SelectField {...SUB} defaultValue={facts.sub_url}>
        <option value="">Nenhum</option>
        {options}
      </SelectField>
    </>
  );
}

function Typed({ device }: { device?: FoundDevice }) {
  return (
    <>
      <TextField
        {...MAIN}
        hint="Endereço RTSP, como no manual da câmera"
        placeholder="rtsp://192.168.1.64:554/Streaming/Channels/101"
        defaultValue={device && rtspBeginning(device)}
        maxLength={MAX_URL}
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        {...SUB}
        placeholder="rtsp://192.168.1.64:554/Streaming/Channels/102"
        maxLength={MAX_URL}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}

export function Notes({ notes = [] }: { notes?: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul aria-label="Observações" className="list-disc pl-5 text-sm text-warn">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
