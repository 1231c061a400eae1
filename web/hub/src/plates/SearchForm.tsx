// The search bar: plate, period, camera and, for the central administration, city.
import { platePatternError } from "@gtvision/shared/plates";
import { formatDateTime, parseDateTime, toIso } from "@gtvision/shared/time";
import { Button, DateTimeField, TextField } from "@gtvision/shared/ui";
import { Search, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { CameraSelect } from "../cameras/CameraSelect";
import { CitySelect } from "../cities/CitySelect";
import { QuickRanges } from "./QuickRanges";
import type { PlateSearch } from "./search";

interface Props {
  search: PlateSearch;
  timeZone: string;
  onSearch: (changes: PlateSearch) => void;
}

/** What is typed and not yet searched; it starts over when the address changes under it. */
interface Draft {
  of: string;
  placa: string;
  de: string;
  ate: string;
}

function draftOf({ placa = "", de, ate }: PlateSearch, timeZone: string): Draft {
  return {
    of: [placa, de, ate, timeZone].join("|"),
    placa,
    de: de ? formatDateTime(de, timeZone) : "",
    ate: ate ? formatDateTime(ate, timeZone) : "",
  };
}

export function SearchForm({ search, timeZone, onSearch }: Props) {
  const applied = draftOf(search, timeZone);
  const [draft, setDraft] = useState(applied);
  if (draft.of !== applied.of) setDraft(applied);
  const plateError = platePatternError(draft.placa);
  const from = parseDateTime(draft.de, timeZone);
  const to = parseDateTime(draft.ate, timeZone);
  const periodError =
    from !== null && to !== null && from >= to ? "O fim precisa ser depois do início." : null;
  const unreadable = (draft.de !== "" && from === null) || (draft.ate !== "" && to === null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (plateError || periodError || unreadable) return;
    onSearch({
      placa: draft.placa.trim() || undefined,
      de: from === null ? undefined : toIso(from),
      ate: to === null ? undefined : toIso(to),
    });
  }

  return (
    <form
      role="search"
      aria-label="Buscar placas"
      onSubmit={submit}
      className="flex flex-col gap-3 rounded-lg border border-line bg-panel p-3"
    >
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-[1.3fr_1fr_1fr_1.1fr_auto]">
        <TextField
          label="Placa"
          name="placa"
          value={draft.placa}
          onChange={(event) => setDraft({ ...draft, placa: event.target.value.toUpperCase() })}
          placeholder="Ex.: ABC1D23 ou ABC?1*"
          autoComplete="off"
          spellCheck={false}
          maxLength={16}
          hint="? vale um caractere, * vale vários"
          error={plateError}
          className="col-span-2 md:col-span-1"
        />
        <DateTimeField
          label="De"
          name="de"
          timeZone={timeZone}
          value={draft.de}
          onChange={(de) => setDraft({ ...draft, de })}
        />
        <DateTimeField
          label="Até"
          name="ate"
          timeZone={timeZone}
          value={draft.ate}
          onChange={(ate) => setDraft({ ...draft, ate })}
          error={periodError}
        />
        <PlaceFields search={search} onSearch={onSearch} />
        <div className="col-span-2 flex items-start gap-2 md:col-span-1 md:pt-5">
          <Button type="submit" variant="primary" className="h-9 flex-1 px-5">
            <Search aria-hidden className="size-4" />
            Buscar
          </Button>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <QuickRanges timeZone={timeZone} onPick={onSearch} />
        {isFiltered(search) && (
          <Button variant="quiet" className="ml-auto" onClick={() => onSearch(NO_FILTER)}>
            <X aria-hidden className="size-4" />
            Limpar busca
          </Button>
        )}
      </div>
    </form>
  );
}

const NO_FILTER: PlateSearch = {
  placa: undefined,
  de: undefined,
  ate: undefined,
  camera: undefined,
  prefeitura: undefined,
};

function isFiltered(search: PlateSearch): boolean {
  return Object.keys(NO_FILTER).some((name) => search[name as keyof PlateSearch] !== undefined);
}

function PlaceFields({ search, onSearch }: Pick<Props, "search" | "onSearch">) {
  return (
    <div className="col-span-2 flex gap-3 md:col-span-1">
      <CitySelect
        className="min-w-0 flex-1"
        value={search.prefeitura}
        onChange={(prefeitura) => onSearch({ prefeitura, camera: undefined })}
      />
      <CameraSelect
        className="min-w-0 flex-1"
        city={search.prefeitura}
        value={search.camera}
        onChange={(camera) => onSearch({ camera })}
      />
    </div>
  );
}
