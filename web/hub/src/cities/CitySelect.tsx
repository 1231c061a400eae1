// Which prefeitura; only the central has a choice.
import { SelectField } from "@gtvision/shared/ui";
import { useUser } from "../auth/useUser";
import { useCities } from "./useCities";

interface Props {
  /** The code; undefined: all. */
  value: string | undefined;
  onChange: (code: string | undefined) => void;
  className?: string;
  /** Something must be chosen: there is no "all". */
  required?: boolean;
}

export function CitySelect({ value, onChange, className, required = false }: Props) {
  const seesAll = useUser()?.city === null;
  const cities = useCities().data ?? [];
  if (!seesAll) return null;
  return (
    <SelectField
      label="Prefeitura"
      className={className}
      required={required}
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{required ? "Escolha" : "Todas"}</option>
      {cities.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
