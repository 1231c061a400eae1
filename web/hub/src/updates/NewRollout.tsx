// Begins the update of the boxes to a release: a few first, then more, then all.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, SelectField, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { Release } from "../api/types";
import { canariesOf } from "./words";
import { useStartRollout } from "./useUpdates";

interface Props {
  releases: readonly Release[];
  onStarted: (id: number) => void;
  onClose: () => void;
}

const SHARES = [10, 50, 100];

export function NewRollout({ releases, onStarted, onClose }: Props) {
  const [version, setVersion] = useState(releases[0]?.version ?? "");
  const [canaries, setCanaries] = useState("");
  const [soakMinutes, setSoakMinutes] = useState("30");
  const [allowOlder, setAllowOlder] = useState(false);
  const starting = useStartRollout();
  const problem = starting.isError ? ApiProblem.from(starting.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    starting.mutate(
      {
        version,
        canaries: canariesOf(canaries),
        shares: SHARES,
        soak_minutes: Number(soakMinutes),
        allow_older: allowOlder,
      },
      { onSuccess: ({ rollout }) => onStarted(rollout.id) },
    );
  }

  return (
    <Modal
      title="Atualizar as caixas"
      description="Por etapas: uma falha para o resto, e a caixa volta sozinha"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <SelectField
          label="Versão"
          value={version}
          onChange={({ target }) => setVersion(target.value)}
          required
        >
          {releases.map(({ version: one }) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Caixas que vão primeiro"
          name="canaries"
          value={canaries}
          onChange={({ target }) => setCanaries(target.value)}
          placeholder="sao-bento/caixa-01, aguas-claras/caixa-01"
          hint="Opcional: prefeitura/caixa, separadas por vírgula. Depois vão 10 %, 50 % e todas"
          error={problem?.fields.canaries}
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          label="Observar cada etapa por (minutos)"
          name="soak_minutes"
          type="number"
          min={0}
          max={10_080}
          value={soakMinutes}
          onChange={({ target }) => setSoakMinutes(target.value)}
          error={problem?.fields.soak_minutes}
          required
        />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={allowOlder}
            onChange={({ target }) => setAllowOlder(target.checked)}
          />
          Também nas caixas que têm uma versão mais nova
        </label>
        <p role="alert" className="text-bad empty:hidden">
          {problem?.detail}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Fechar</Button>
          <Button type="submit" variant="primary" disabled={starting.isPending}>
            Começar
          </Button>
        </div>
      </form>
    </Modal>
  );
}
