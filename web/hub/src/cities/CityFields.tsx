// What is written down of a prefeitura, for a new one and for one that exists.
import { SelectField, TextField } from "@gtvision/shared/ui";
import type { Plan } from "../api/types";

/** Brazil's zones by their largest places; the hub takes any name of the IANA database. */
const ZONES: readonly (readonly [name: string, label: string])[] = [
  ["America/Sao_Paulo", "Brasília (UTC−3)"],
  ["America/Manaus", "Manaus (UTC−4)"],
  ["America/Cuiaba", "Cuiabá (UTC−4)"],
  ["America/Porto_Velho", "Porto Velho (UTC−4)"],
  ["America/Rio_Branco", "Rio Branco (UTC−5)"],
  ["America/Noronha", "Fernando de Noronha (UTC−2)"],
];

export interface CityDraft {
  name: string;
  timezone: string;
  plan: string;
}

interface Props {
  draft: CityDraft;
  plans: readonly Plan[];
  wrong: Readonly<Record<string, string>>;
  onChange: (changes: Partial<CityDraft>) => void;
}

export function CityFields({ draft, plans, wrong, onChange }: Props) {
  const known = ZONES.some(([name]) => name === draft.timezone);
  return (
    <>
      <TextField
        label="Nome"
        name="name"
        value={draft.name}
        onChange={({ target }) => onChange({ name: target.value })}
        error={wrong.name}
        maxLength={200}
        pattern=".*\S.*"
        required
      />
      <SelectField
        label="Plano"
        value={draft.plan}
        onChange={({ target }) => onChange({ plan: target.value })}
        required
      >
        <option value="">Escolha</option>
        {plans.map(({ name, retention_days }) => (
          <option key={name} value={name}>{`${name}: guarda por ${retention_days} dias`}</option>
        ))}
      </SelectField>
      <SelectField
        label="Fuso horário"
        value={draft.timezone}
        onChange={({ target }) => onChange({ timezone: target.value })}
      >
        {!known && <option value={draft.timezone}>{draft.timezone}</option>}
        {ZONES.map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </SelectField>
    </>
  );
}
