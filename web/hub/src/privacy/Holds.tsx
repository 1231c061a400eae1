// Reads of a plate that a proceeding needs: neither retention nor an erasure takes them.
import { ApiProblem } from "@gtvision/shared/api";
import { PlateBadge } from "@gtvision/shared/plates";
import { formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, Modal, TextField } from "@gtvision/shared/ui";
import { Gavel, Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { LegalHold } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { QueryPanel } from "../shell/QueryPanel";
import type { PartProps } from "./PrivacyPage";
import { useHolds, usePlaceHold, useReleaseHold } from "./useErasures";

export function Holds({ search, onSearch }: PartProps) {
  const [placing, setPlacing] = useState(false);
  const releasing = useReleaseHold();
  const timeZoneOf = useTimeZones();
  const holds = useHolds();
  const shown = holds.data?.filter(
    ({ city }) => !search.prefeitura || city.code === search.prefeitura,
  );
  const columns: Column<LegalHold>[] = [
    { title: "Placa", cell: ({ plate }) => <PlateBadge plate={plate} /> },
    { title: "Processo", cell: ({ reference }) => reference },
    {
      title: "Leituras protegidas",
      className: "tabular-nums",
      cell: (hold) => periodText(hold, timeZoneOf(hold.city.code)),
    },
    { title: "Prefeitura", cell: ({ city }) => city.name },
    {
      title: "Posta por",
      cell: ({ placed_by, placed_at, city }) =>
        `${placed_by}, ${formatDateTime(placed_at, timeZoneOf(city.code))}`,
    },
    {
      title: "Ações",
      cell: ({ id, plate, reference }) => (
        <Button
          disabled={releasing.isPending}
          aria-label={`Liberar ${plate}, ${reference}`}
          onClick={() =>
            confirm(
              `Liberar a guarda de ${plate} (${reference})? As leituras passam a ter o prazo comum.`,
            ) && releasing.mutate(id)
          }
        >
          Liberar
        </Button>
      ),
    },
  ];
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
        <Button variant="primary" className="ml-auto h-9" onClick={() => setPlacing(true)}>
          <Plus aria-hidden className="size-4" />
          Pôr em guarda
        </Button>
      </div>
      {releasing.isError && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(releasing.error).detail}
        </p>
      )}
      <QueryPanel
        query={{ ...holds, data: shown }}
        empty={{
          icon: Gavel,
          title: "Nenhuma guarda judicial",
          text: "Leituras que um processo exige são protegidas aqui contra o prazo e contra eliminações.",
        }}
      >
        {(rows) => (
          <DataTable
            label="Guardas judiciais"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
          />
        )}
      </QueryPanel>
      {placing && <PlaceHold city={search.prefeitura} onClose={() => setPlacing(false)} />}
    </>
  );
}

function periodText({ since, until }: LegalHold, timeZone: string) {
  const from = `desde ${formatDateTime(since, timeZone)}`;
  return until ? `${from} até ${formatDateTime(until, timeZone)}` : `${from}, sem fim`;
}

function PlaceHold({ city: shown, onClose }: { city: string | undefined; onClose: () => void }) {
  const [city, setCity] = useState(shown);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const timeZone = useTimeZones()(city);
  const placing = usePlaceHold();
  const problem = placing.isError ? ApiProblem.from(placing.error) : null;
  const wrong = problem?.fields ?? {};

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const since = parseDateTime(from, timeZone);
    const until = to === "" ? null : parseDateTime(to, timeZone);
    // The fields themselves say what is wrong with a date.
    if (since === null || (to !== "" && until === null)) return;
    const form = new FormData(event.currentTarget);
    const body = {
      city,
      plate: String(form.get("plate")).trim(),
      reference: String(form.get("reference")).trim(),
      since: toIso(since),
      until: until === null ? null : toIso(until),
    };
    placing.mutate(body, { onSuccess: onClose });
  }

  return (
    <Modal
      title="Pôr leituras em guarda"
      description="Ficam guardadas até que a guarda seja liberada"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="grid gap-4 overflow-auto p-4 sm:grid-cols-2">
        <CitySelect required value={city} onChange={setCity} className="sm:col-span-2" />
        <TextField
          label="Placa"
          name="plate"
          error={wrong.plate}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          required
        />
        <TextField
          label="Processo ou inquérito"
          name="reference"
          error={wrong.reference}
          autoComplete="off"
          maxLength={200}
          pattern=".*\S.*"
          required
        />
        <DateTimeField
          label="Leituras desde"
          name="since"
          timeZone={timeZone}
          value={from}
          onChange={setFrom}
          error={wrong.since}
          required
        />
        <DateTimeField
          label="Até (vazio: sem fim)"
          name="until"
          timeZone={timeZone}
          value={to}
          onChange={setTo}
          error={wrong.until}
        />
        {problem && (
          <p role="alert" className="text-bad sm:col-span-2">
            {problem.detail}
          </p>
        )}
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={placing.isPending}>
            Pôr em guarda
          </Button>
        </div>
      </form>
    </Modal>
  );
}
