// Who saw, searched, exported or played what, when, and for what purpose.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime, formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, Spinner, TextField } from "@gtvision/shared/ui";
import { Eye, FileDown, Search } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { DataAccess } from "../api/types";
import { actionLabel } from "../audit/actions";
import { useCameras } from "../cameras/useCameras";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { LoadMore } from "../shell/LoadMore";
import { QueryPanel } from "../shell/QueryPanel";
import type { PartProps } from "./PrivacyPage";
import type { PrivacySearch } from "./search";
import { useAccesses, useAccessesCsv } from "./useReports";

export function AccessLog({ search, onSearch }: PartProps) {
  const query = useAccesses(search);
  const exporting = useAccessesCsv();
  const timeZoneOf = useTimeZones();
  const rows = { ...query, data: query.data?.pages.flatMap(({ results }) => results) };
  return (
    <>
      <Filters
        key={JSON.stringify(search)}
        search={search}
        timeZone={timeZoneOf(search.prefeitura)}
        onSearch={onSearch}
      />
      <div className="mb-3 flex items-center justify-end gap-3">
        {exporting.error && (
          <p role="alert" className="text-sm text-bad">
            {ApiProblem.from(exporting.error).detail}
          </p>
        )}
        <Button disabled={exporting.isPending} onClick={() => exporting.mutate(search)}>
          {exporting.isPending ? (
            <Spinner className="size-4" />
          ) : (
            <FileDown aria-hidden className="size-4" />
          )}
          Exportar CSV
        </Button>
      </div>
      <QueryPanel
        query={rows}
        empty={{
          icon: Eye,
          title: "Nenhum acesso",
          text: "Buscas de placas, vídeos abertos, exportações e recortes aparecem aqui.",
        }}
      >
        {(accesses) => (
          <>
            <Accesses accesses={accesses} />
            <LoadMore query={query} />
          </>
        )}
      </QueryPanel>
    </>
  );
}

function Accesses({ accesses }: { accesses: DataAccess[] }) {
  const timeZoneOf = useTimeZones();
  const cameras = useCameras().data;
  const columns: Column<DataAccess>[] = [
    {
      title: "Quando",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ at, city_code }) => <DateTime at={at} timeZone={timeZoneOf(city_code)} />,
    },
    { title: "Quem", cell: ({ actor }) => actor || "—" },
    { title: "O que fez", cell: ({ action }) => actionLabel(action) },
    {
      title: "De quê",
      className: "break-all",
      cell: ({ plate, target }) =>
        plate || (cameras?.find(({ id }) => id === target)?.name ?? (target || "—")),
    },
    { title: "Finalidade", className: "break-words", cell: ({ purpose }) => purpose || "—" },
  ];
  return (
    <DataTable
      label="Acessos a dados pessoais"
      columns={columns}
      rows={accesses}
      keyOf={({ id }) => id}
    />
  );
}

interface FiltersProps {
  search: PrivacySearch;
  timeZone: string;
  onSearch: (changes: PrivacySearch) => void;
}

/** Starts over, by its key, when the address changes under it. */
function Filters({ search, timeZone, onSearch }: FiltersProps) {
  const [from, setFrom] = useState(search.de ? formatDateTime(search.de, timeZone) : "");
  const [to, setTo] = useState(search.ate ? formatDateTime(search.ate, timeZone) : "");

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim() || undefined;
    const [de, ate] = [parseDateTime(from, timeZone), parseDateTime(to, timeZone)];
    // The fields themselves say what is wrong with a date.
    if ((from !== "" && de === null) || (to !== "" && ate === null)) return;
    onSearch({
      quem: text("quem"),
      placa: text("placa"),
      de: de === null ? undefined : toIso(de),
      ate: ate === null ? undefined : toIso(ate),
    });
  }

  return (
    <form
      role="search"
      aria-label="Buscar acessos"
      onSubmit={submit}
      className="mb-4 grid grid-cols-2 items-start gap-3 rounded-lg border border-line bg-panel p-3 md:grid-cols-3 xl:grid-cols-6"
    >
      <TextField
        label="Quem (nome de usuário)"
        name="quem"
        defaultValue={search.quem}
        autoComplete="off"
        autoCapitalize="none"
        maxLength={150}
      />
      <TextField
        label="Placa inteira"
        name="placa"
        defaultValue={search.placa}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
      />
      <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
      <DateTimeField label="De" name="de" timeZone={timeZone} value={from} onChange={setFrom} />
      <DateTimeField label="Até" name="ate" timeZone={timeZone} value={to} onChange={setTo} />
      <div className="flex gap-2 pt-5">
        <Button type="submit" variant="primary" className="h-9 flex-1">
          <Search aria-hidden className="size-4" />
          Buscar
        </Button>
      </div>
    </form>
  );
}
