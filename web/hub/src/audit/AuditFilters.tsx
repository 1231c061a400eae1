// What is looked for in the audit trail: who, what, where and when.
import { unwrap } from "@gtvision/shared/api";
import { formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, SelectField, TextField } from "@gtvision/shared/ui";
import { useQuery } from "@tanstack/react-query";
import { Search, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { api } from "../api/client";
import { CitySelect } from "../cities/CitySelect";
import { actionLabel } from "./actions";
import { isFiltered, NO_FILTER, type AuditSearch } from "./search";

interface Props {
  search: AuditSearch;
  timeZone: string;
  onSearch: (changes: AuditSearch) => void;
}

/** Starts over, by its key, when the address changes under it. */
export function AuditFilters({ search, timeZone, onSearch }: Props) {
  const [who, setWho] = useState(search.quem ?? "");
  const [from, setFrom] = useState(search.de ? formatDateTime(search.de, timeZone) : "");
  const [to, setTo] = useState(search.ate ? formatDateTime(search.ate, timeZone) : "");

  function submit(event: FormEvent) {
    event.preventDefault();
    const [de, ate] = [parseDateTime(from, timeZone), parseDateTime(to, timeZone)];
    // The fields themselves say what is wrong with a date.
    if ((from !== "" && de === null) || (to !== "" && ate === null)) return;
    onSearch({
      quem: who.trim() || undefined,
      de: de === null ? undefined : toIso(de),
      ate: ate === null ? undefined : toIso(ate),
    });
  }

  return (
    <form
      role="search"
      aria-label="Buscar na auditoria"
      onSubmit={submit}
      className="mb-4 grid grid-cols-2 items-start gap-3 rounded-lg border border-line bg-panel p-3 md:grid-cols-3 xl:grid-cols-6"
    >
      <TextField
        label="Quem (nome de usuário)"
        name="quem"
        value={who}
        onChange={({ target }) => setWho(target.value)}
        autoComplete="off"
        autoCapitalize="none"
        maxLength={150}
      />
      <ActionSelect value={search.acao} onChange={(acao) => onSearch({ acao })} />
      <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
      <DateTimeField label="De" name="de" timeZone={timeZone} value={from} onChange={setFrom} />
      <DateTimeField label="Até" name="ate" timeZone={timeZone} value={to} onChange={setTo} />
      <div className="flex gap-2 pt-5">
        <Button type="submit" variant="primary" className="h-9 flex-1">
          <Search aria-hidden className="size-4" />
          Buscar
        </Button>
        {isFiltered(search) && (
          <Button variant="quiet" className="h-9" onClick={() => onSearch(NO_FILTER)}>
            <X aria-hidden className="size-4" />
            Limpar
          </Button>
        )}
      </div>
    </form>
  );
}

interface ActionProps {
  value: string | undefined;
  onChange: (action: string | undefined) => void;
}

function ActionSelect({ value, onChange }: ActionProps) {
  const { data = [] } = useQuery({
    queryKey: ["audit-actions"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/audit/actions", { signal })),
    staleTime: 60_000,
  });
  // One that the address names is offered even before the list is there.
  const actions = value && !data.includes(value) ? [value, ...data] : data;
  const byLabel = actions
    .map((action) => [action, actionLabel(action)] as const)
    .toSorted(([, a], [, b]) => a.localeCompare(b, "pt-BR"));
  return (
    <SelectField
      label="O que fez"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">Tudo</option>
      {byLabel.map(([action, label]) => (
        <option key={action} value={action}>
          {label}
        </option>
      ))}
    </SelectField>
  );
}
