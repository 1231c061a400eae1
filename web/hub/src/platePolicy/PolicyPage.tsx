// What a city decides about its plate reads: for how long they are kept, and who sees whole plates.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, EmptyState, ErrorState, LoadingState, TextField } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { PlatePolicy } from "../api/types";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { useCities, useTimeZones } from "../cities/useCities";
import { Part } from "../nodes/Part";
import { PageHeader } from "../shell/PageHeader";
import { daysOf, RETENTION_DAYS, shrinks } from "./loss";
import { LossWarning } from "./LossWarning";
import { useChangePolicy, usePolicy } from "./usePolicy";

const route = getRouteApi("/shell/guarda-de-placas");

export function PolicyPage() {
  const { prefeitura } = route.useSearch();
  const navigate = route.useNavigate();
  const user = useUser();
  const cities = useCities().data;
  const only = cities?.length === 1 ? cities[0]?.code : undefined;
  const city = user?.city?.code ?? prefeitura ?? only;

  return (
    <>
      <PageHeader
        title="Guarda de placas"
        description="Por quanto tempo as leituras ficam, e quem vê placas inteiras"
      >
        <CitySelect
          required
          value={city}
          onChange={(code) => void navigate({ search: { prefeitura: code } })}
        />
      </PageHeader>
      {city ? (
        <Policy key={city} city={city} />
      ) : (
        <EmptyState icon={Building2} title="Escolha a prefeitura">
          Cada prefeitura decide sobre as próprias leituras.
        </EmptyState>
      )}
    </>
  );
}

function Policy({ city }: { city: string }) {
  const { data, error, refetch } = usePolicy(city);
  const role = useUser()?.role;
  if (!data) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  return <Terms city={city} policy={data} mayChange={role === "admin" || role === "gestor"} />;
}

interface TermsProps {
  city: string;
  policy: PlatePolicy;
  mayChange: boolean;
}

function Terms({ city, policy, mayChange }: TermsProps) {
  const timeZone = useTimeZones()(city);
  // What the draft began with, and not what has been learnt since.
  const [base, setBase] = useState(policy);
  const [typed, setTyped] = useState(String(policy.retention_days));
  const [seen, setSeen] = useState(policy.viewers_see_plates);
  const [accepted, setAccepted] = useState(false);
  const changing = useChangePolicy(city);
  const problem = changing.error ? ApiProblem.from(changing.error) : null;
  const days = daysOf(typed);
  const shorter = days !== null && shrinks(base, days);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (days === null) return;
    changing.mutate(
      { retention_days: days, viewers_see_plates: seen, etag: base.etag },
      {
        onSuccess: (changed) => {
          setBase(changed);
          setAccepted(false);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex max-w-3xl flex-col gap-4">
      <fieldset disabled={!mayChange} className="flex flex-col gap-4">
        <Part title="Prazo de guarda">
          <TextField
            label="Dias"
            type="number"
            className="max-w-40"
            value={typed}
            onChange={({ target }) => {
              // Who agreed to lose reads agreed to this number of days, not to the next.
              setAccepted(false);
              setTyped(target.value);
            }}
            error={problem?.fields.retention_days}
            min={RETENTION_DAYS.least}
            max={RETENTION_DAYS.most}
            required
          />
          <p className="text-xs text-ink-soft">
            Vale na central. Nas caixas as leituras ficam por este prazo, e nunca mais que as
            gravações. O que uma guarda judicial protege fica até que ela seja retirada.
          </p>
          {shorter && (
            <LossWarning
              city={city}
              days={days}
              timeZone={timeZone}
              accepted={accepted}
              onAccept={setAccepted}
            />
          )}
        </Part>
        <Part title="Quem vê placas inteiras">
          <p>O gestor e a central sempre veem. Os visualizadores desta prefeitura:</p>
          <Choice checked={seen} onPick={() => setSeen(true)} title="Veem placas inteiras">
            Buscam, abrem leituras com a imagem, seguem veículos e recebem alertas.
          </Choice>
          <Choice checked={!seen} onPick={() => setSeen(false)} title="Veem placas mascaradas">
            Dois caracteres e nenhuma imagem, na central e no console das caixas. Só procuram placas
            que já conhecem inteiras, e ficam sem trajeto, estatísticas, monitoradas, alertas e
            exportações.
          </Choice>
        </Part>
      </fieldset>
      {mayChange && (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            type="submit"
            variant="primary"
            disabled={changing.isPending || (shorter && !accepted)}
          >
            Salvar
          </Button>
          <p role="status" className="text-ok empty:hidden">
            {changing.isSuccess && "Salvo. As caixas recebem a mudança assim que estão conectadas."}
          </p>
        </div>
      )}
      <p role="alert" className="text-bad empty:hidden">
        {problem?.detail}
      </p>
    </form>
  );
}

interface ChoiceProps {
  checked: boolean;
  onPick: () => void;
  title: string;
  children: string;
}

function Choice({ checked, onPick, title, children }: ChoiceProps) {
  return (
    <label className="grid grid-cols-[auto_1fr] gap-x-2">
      <input
        type="radio"
        name="visualizadores"
        className="mt-1"
        checked={checked}
        onChange={onPick}
      />
      <span className="font-medium">{title}</span>
      <span className="col-start-2 text-xs text-ink-soft">{children}</span>
    </label>
  );
}
