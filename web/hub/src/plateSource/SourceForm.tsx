// The settings of a camera's plates: its maker, how it shows which camera it is, and from where.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, SelectField, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent, type ReactNode } from "react";
import type { PlateSource } from "../api/types";
import { Part } from "../nodes/Part";
import { VENDOR_CHOICES } from "../plates/vendors";
import { changesOf, draftOf, mayBeMapped, mayBePulled, type Draft } from "./draft";
import { Mapping } from "./Mapping";
import { useChangeSource } from "./useSource";

interface Props {
  cameraId: string;
  source: PlateSource;
  /** Of the state that is edited. */
  etag: string;
  onSaved: (changed: PlateSource) => void;
}

export function SourceForm({ cameraId, source, etag, onSaved }: Props) {
  // What the draft began with, and not what has been learnt since.
  const [base, setBase] = useState(source);
  const [draft, setDraft] = useState(() => draftOf(source));
  const changing = useChangeSource(cameraId);
  const { detail, fields: wrong } = changing.error
    ? ApiProblem.from(changing.error)
    : { detail: "", fields: {} };
  const change = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes });

  function submit(event: FormEvent) {
    event.preventDefault();
    changing.mutate(
      { ...changesOf(draft, base), etag },
      {
        onSuccess: (changed) => {
          setBase(changed);
          setDraft(draftOf(changed));
          onSaved(changed);
        },
      },
    );
  }

  return (
    <Part title="Configuração">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <SelectField
          label="Fabricante"
          value={draft.vendor}
          onChange={({ target }) => change({ vendor: target.value })}
        >
          <option value="">Qualquer: o endereço de envio diz qual</option>
          {VENDOR_CHOICES.map(([vendor, label]) => (
            <option key={vendor} value={vendor}>
              {label}
            </option>
          ))}
        </SelectField>
        <Identity draft={draft} wrong={wrong} stored={base.digest_username} onChange={change} />
        <Places draft={draft} wrong={wrong} onChange={change} />
        {mayBePulled(draft.vendor) && <Pull draft={draft} wrong={wrong} onChange={change} />}
        {mayBeMapped(draft.vendor) && <Mapping draft={draft} wrong={wrong} onChange={change} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" disabled={changing.isPending}>
            Salvar
          </Button>
          <p role="status" className="text-ok empty:hidden">
            {changing.isSuccess && "Salvo. A caixa recebe a mudança assim que está conectada."}
          </p>
        </div>
        <p role="alert" className="text-bad empty:hidden">
          {detail}
        </p>
      </form>
    </Part>
  );
}

interface PartProps {
  draft: Draft;
  wrong: Readonly<Record<string, string>>;
  onChange: (changes: Partial<Draft>) => void;
}

function Identity({ draft, wrong, stored, onChange }: PartProps & { stored: string }) {
  return (
    <fieldset className="grid gap-3 sm:grid-cols-2">
      <legend className="mb-1 font-medium">Usuário próprio</legend>
      <TextField
        label="Usuário"
        value={draft.username}
        onChange={({ target }) => onChange({ username: target.value })}
        error={wrong.digest_username}
        hint="Em branco: o código da câmera, com o token como senha"
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
      />
      <TextField
        label={stored ? "Nova senha (vazio: fica a atual)" : "Senha"}
        type="password"
        value={draft.password}
        onChange={({ target }) => onChange({ password: target.value })}
        error={wrong.digest_password}
        hint="De 8 a 64 letras sem acento, números e sinais; não é mostrada de novo"
        autoComplete="new-password"
        maxLength={64}
      />
    </fieldset>
  );
}

function Places({ draft, wrong, onChange }: PartProps) {
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Endereços de onde ela pode enviar"
        value={draft.addresses}
        onChange={({ target }) => onChange({ addresses: target.value })}
        error={wrong.allowed_sources}
        hint="IP ou rede, com vírgulas: 10.1.2.7, 10.1.3.0/24. Em branco: de qualquer um"
        autoComplete="off"
        spellCheck={false}
      />
      <Choice checked={draft.byAddress} onChange={(byAddress) => onChange({ byAddress })}>
        Identificar só pelo endereço, sem senha (para câmeras que não sabem se autenticar)
      </Choice>
    </div>
  );
}

function Pull({ draft, wrong, onChange }: PartProps) {
  return (
    <div className="flex flex-col gap-2">
      <Choice checked={draft.pull} onChange={(pull) => onChange({ pull })}>
        A caixa consulta a câmera Dahua ou Intelbras, em vez de esperar o envio
      </Choice>
      {draft.pull && (
        <TextField
          label="Porta HTTP da câmera"
          type="number"
          className="max-w-40"
          value={draft.httpPort}
          onChange={({ target }) => onChange({ httpPort: target.value })}
          error={wrong.http_port ?? wrong.pull}
          min={1}
          max={65535}
          required
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

function Choice({ checked, onChange, children }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        className="mt-1"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      {children}
    </label>
  );
}
