// The search: plate, period and place first, and what else a camera may have told on demand.
import { platePatternError, PurposeField } from "@gtvision/shared/plates";
import { Button, DateTimeField, TextField } from "@gtvision/shared/ui";
import { ChevronDown, Search, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { PlateRead } from "../api/types";
import { CameraSelect } from "../cameras/CameraSelect";
import { CitySelect } from "../cities/CitySelect";
import { changesOf, draftOf } from "./draft";
import { MoreFilters } from "./MoreFilters";
import { PlateHelp } from "./PlateHelp";
import { QuickRanges } from "./QuickRanges";
import { countMore, isFiltered, NO_FILTER, type PlateSearch } from "./search";

interface Props {
  search: PlateSearch;
  timeZone: string;
  purpose: string;
  /** What is on screen: the words that the cameras use are offered. */
  reads: readonly PlateRead[];
  onSearch: (changes: PlateSearch) => void;
  onPurpose: (purpose: string) => void;
}

export function SearchForm({ search, timeZone, purpose, reads, onSearch, onPurpose }: Props) {
  const applied = draftOf(search, timeZone);
  const [draft, setDraft] = useState(applied);
  if (draft.of !== applied.of) setDraft(applied);
  const [typed, setTyped] = useState({ purpose, of: purpose });
  if (typed.of !== purpose) setTyped({ purpose, of: purpose });
  const more = countMore(search);
  const [open, setOpen] = useState(more > 0);
  const plateError = platePatternError(draft.placa);
  const outcome = changesOf(draft, timeZone);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (plateError || !("changes" in outcome)) return;
    onPurpose(typed.purpose.trim());
    onSearch(outcome.changes);
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
          error={"periodError" in outcome ? outcome.periodError : null}
        />
        <PlaceFields search={search} onSearch={onSearch} />
        <div className="col-span-2 flex items-start gap-2 md:col-span-1 md:pt-5">
          <Button type="submit" variant="primary" className="h-9 flex-1 px-5">
            <Search aria-hidden className="size-4" />
            Buscar
          </Button>
        </div>
      </div>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <PurposeField
          value={typed.purpose}
          onChange={(next) => setTyped({ purpose: next, of: purpose })}
          required={draft.placa.trim() !== ""}
          className="basis-full md:basis-64"
        />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={search.parecidas !== undefined}
            onChange={({ target }) => onSearch({ parecidas: target.checked ? "sim" : undefined })}
          />
          Também leituras parecidas (O/0, I/1, B/8…)
        </label>
        <PlateHelp />
        <Button
          variant="quiet"
          aria-expanded={open}
          aria-controls="mais-filtros"
          onClick={() => setOpen(!open)}
        >
          <ChevronDown aria-hidden className={open ? "size-4 rotate-180" : "size-4"} />
          Mais filtros{more > 0 && ` (${more})`}
        </Button>
      </div>
      <div id="mais-filtros" hidden={!open}>
        <MoreFilters
          draft={draft}
          onDraft={(changes) => setDraft({ ...draft, ...changes })}
          confidence={search.confianca}
          onConfidence={(confianca) => onSearch({ confianca })}
          reads={reads}
        />
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
