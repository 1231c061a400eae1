// Takes a prefeitura into the system.
import { ApiProblem } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE } from "@gtvision/shared/time";
import { Button, Modal, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import { CityFields, type CityDraft } from "./CityFields";
import { useAddCity, usePlans } from "./useCities";

interface Props {
  onAdded: (code: string) => void;
  onClose: () => void;
}

export function NewCity({ onAdded, onClose }: Props) {
  const plans = usePlans();
  const [code, setCode] = useState("");
  const [draft, setDraft] = useState<CityDraft>({
    name: "",
    timezone: DEFAULT_TIME_ZONE,
    plan: "",
  });
  const adding = useAddCity();
  const failure = adding.error ?? plans.error;
  const problem = failure ? ApiProblem.from(failure) : null;
  const wrong = problem?.fields ?? {};

  function submit(event: FormEvent) {
    event.preventDefault();
    adding.mutate(
      { ...draft, name: draft.name.trim(), code: code.trim() },
      { onSuccess: (city) => onAdded(city.code) },
    );
  }

  return (
    <Modal
      title="Cadastrar prefeitura"
      description="Até 1.000 câmeras, 1 gestor e 5 visualizadores"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <CityFields
          draft={draft}
          plans={plans.data ?? []}
          wrong={wrong}
          onChange={(changes) => setDraft({ ...draft, ...changes })}
        />
        <TextField
          label="Código"
          name="code"
          value={code}
          onChange={({ target }) => setCode(target.value)}
          hint="Minúsculas sem acento, números e hífens; não muda depois. Ex.: sao-bento"
          error={wrong.code}
          autoComplete="off"
          spellCheck={false}
          maxLength={40}
          required
        />
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
