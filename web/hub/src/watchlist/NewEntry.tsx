// Puts a plate on a list: which, why, and for how long.
import { ApiProblem } from "@gtvision/shared/api";
import { platePatternError } from "@gtvision/shared/plates";
import { parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal, SelectField, TextField } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import { KINDS, type Kind } from "../alerts/words";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { useAddEntry } from "./useWatchlist";

interface Props {
  city: string | undefined;
  onClose: () => void;
}

export function NewEntry({ city: shown, onClose }: Props) {
  const [city, setCity] = useState(shown);
  const [pattern, setPattern] = useState("");
  const [tolerant, setTolerant] = useState(false);
  const [kind, setKind] = useState<Kind>("stolen");
  const [reason, setReason] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const timeZone = useTimeZones()(city);
  const user = useUser();
  const adding = useAddEntry();
  const problem = adding.isError ? ApiProblem.from(adding.error) : null;
  const wrong = problem?.fields ?? {};

  function submit(event: FormEvent) {
    event.preventDefault();
    const [valid_from, valid_until] = [from, until].map((text) => instant(text, timeZone));
    if (valid_from === undefined || valid_until === undefined || platePatternError(pattern)) return;
    const body = { city, pattern, tolerant, kind, reason: reason.trim(), valid_from, valid_until };
    adding.mutate(body, { onSuccess: onClose });
  }

  return (
    <Modal
      title="Monitorar placa"
      description="As caixas da prefeitura também avisam, mesmo sem internet"
      onClose={onClose}
      className="max-w-xl"
    >
      <form onSubmit={submit} className="grid gap-4 overflow-auto p-4 sm:grid-cols-2">
        <CitySelect required value={city} onChange={setCity} className="sm:col-span-2" />
        <TextField
          label="Placa"
          name="pattern"
          value={pattern}
          onChange={({ target }) => setPattern(target.value.toUpperCase())}
          hint="? vale um caractere, * vale vários; ao menos 3 letras ou números"
          error={platePatternError(pattern) ?? wrong.pattern}
          autoComplete="off"
          spellCheck={false}
          maxLength={32}
          required
        />
        <SelectField
          label="Lista"
          value={kind}
          onChange={({ target }) => setKind(target.value as Kind)}
        >
          {Object.entries(KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {value === "authorised" ? `${label} (não gera alerta)` : label}
            </option>
          ))}
        </SelectField>
        <label className="flex items-center gap-2 sm:col-span-2">
          <input
            type="checkbox"
            checked={tolerant}
            onChange={({ target }) => setTolerant(target.checked)}
          />
          Também leituras parecidas (O/0, I/1, B/8…): avisa mais, e às vezes à toa
        </label>
        <TextField
          label="Motivo"
          name="reason"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          placeholder="Ex.: BO 123/2026, mandado 45/2026"
          hint="Aparece no alerta e na trilha de auditoria"
          error={wrong.reason}
          maxLength={500}
          pattern=".*\S.*"
          required
          className="sm:col-span-2"
        />
        <DateTimeField
          label="Vale desde (vazio: já)"
          name="valid_from"
          timeZone={timeZone}
          value={from}
          onChange={setFrom}
          error={wrong.valid_from}
        />
        <DateTimeField
          label="Vale até (vazio: sem fim)"
          name="valid_until"
          timeZone={timeZone}
          value={until}
          onChange={setUntil}
          error={wrong.valid_until}
        />
        {problem && (
          <p role="alert" className="text-bad sm:col-span-2">
            {problem.detail}
          </p>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2 sm:col-span-2">
          <p className="mr-auto text-xs text-ink-muted">
            Responsável: {user?.name || user?.username}
          </p>
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={adding.isPending}>
            Monitorar
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Null: no bound; undefined: not readable, which the field itself says. */
function instant(text: string, timeZone: string): string | null | undefined {
  if (text.trim() === "") return null;
  const utcMs = parseDateTime(text, timeZone);
  return utcMs === null ? undefined : toIso(utcMs);
}
