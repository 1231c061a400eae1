// One prefeitura: how much of its limits is in use, and its name, plan and time zone.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { City, Plan } from "../api/types";
import { CityFields, type CityDraft } from "./CityFields";
import { CityUse } from "./CityUse";
import { lossText, shrinks } from "./plan";
import { useChangeCity, usePlans } from "./useCities";

interface Props {
  city: City;
  onClose: () => void;
}

export function CityDialog({ city, onClose }: Props) {
  return (
    <Modal
      title={city.name}
      description={`${city.plan.name} · ${city.code}`}
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-5 overflow-auto p-4">
        <CityUse city={city} />
        <Terms city={city} />
      </div>
    </Modal>
  );
}

function Terms({ city }: { city: City }) {
  const plans = usePlans();
  const [draft, setDraft] = useState<CityDraft>({
    name: city.name,
    timezone: city.timezone,
    plan: city.plan.name,
  });
  // Of what the draft began with, and not of what the list has learnt since.
  const [etag, setEtag] = useState(city.etag);
  const [accepted, setAccepted] = useState(false);
  const changing = useChangeCity(city.code);
  const problem = problemOf(changing.error ?? plans.error);
  const plan = plans.data?.find(({ name }) => name === draft.plan);
  const smaller = plan && shrinks(city.plan, plan) ? plan : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    changing.mutate(
      { ...draft, name: draft.name.trim(), etag },
      { onSuccess: (changed) => setEtag(changed.etag) },
    );
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4 border-t border-line pt-4">
      <CityFields
        draft={draft}
        plans={plans.data ?? [city.plan]}
        wrong={problem.fields}
        onChange={(changes) => {
          // Who agreed to lose footage agreed to one plan, not to the next one chosen.
          if (changes.plan !== undefined) setAccepted(false);
          setDraft({ ...draft, ...changes });
        }}
      />
      {smaller && <Loss plan={smaller} accepted={accepted} onAccept={setAccepted} />}
      <div className="flex items-center gap-3">
        <Button
          type="submit"
          variant="primary"
          disabled={changing.isPending || (smaller !== undefined && !accepted)}
        >
          Salvar
        </Button>
        <p role="status" className="text-ok empty:hidden">
          {changing.isSuccess && "Salvo. As caixas recebem a mudança assim que estão conectadas."}
        </p>
      </div>
      <p role="alert" className="text-bad empty:hidden">
        {problem.detail}
      </p>
    </form>
  );
}

/** What is said where, of a failure or of none. */
const problemOf = (failure: Error | null): Pick<ApiProblem, "detail" | "fields"> =>
  failure ? ApiProblem.from(failure) : { detail: "", fields: {} };

interface LossProps {
  plan: Plan;
  accepted: boolean;
  onAccept: (accepted: boolean) => void;
}

function Loss({ plan, accepted, onAccept }: LossProps) {
  return (
    <div className="flex flex-col gap-2 rounded-md border border-bad p-3">
      <p role="alert" className="text-bad">
        {lossText(plan)}
      </p>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={accepted}
          onChange={({ target }) => onAccept(target.checked)}
        />
        Entendo que essas gravações serão apagadas
      </label>
    </div>
  );
}
