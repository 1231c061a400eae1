// Choosing several cameras out of many: a search, the matches, and what is chosen above them.
import { TextField } from "@gtvision/shared/ui";
import { X } from "lucide-react";
import { useState } from "react";
import { named } from "./search";
import { VirtualList } from "./VirtualList";

const ROW_PX = 36;
/** With fewer there is nothing to search. */
const SEARCH_FROM = 8;

export interface PickedCamera {
  id: string;
  name: string;
}

interface Props {
  cameras: readonly PickedCamera[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

export function CameraPicker({ cameras, chosen, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const found = named(cameras, typed);

  function toggle(id: string) {
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  }

  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm text-ink-soft">Câmeras</legend>
      <ul aria-label="Câmeras escolhidas" className="flex max-h-24 flex-wrap gap-1.5 overflow-auto">
        {chosen.map((id) => (
          <li key={id}>
            <Chosen
              name={cameras.find((camera) => camera.id === id)?.name ?? id}
              onRemove={() => toggle(id)}
            />
          </li>
        ))}
      </ul>
      {cameras.length >= SEARCH_FROM && (
        <TextField
          label="Procurar câmera"
          type="search"
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          // Enter would send the form.
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
      )}
      <VirtualList
        label="Câmeras que podem ser exportadas"
        rows={found}
        rowPx={ROW_PX}
        keyOf={({ id }) => id}
        className="max-h-44 rounded-md border border-line"
      >
        {({ id, name }) => (
          <label className="flex h-full items-center gap-2 px-2.5 text-sm hover:bg-raised">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span className="truncate">{name}</span>
          </label>
        )}
      </VirtualList>
      {found.length === 0 && (
        <p role="status" className="text-sm text-ink-soft">
          Nenhuma câmera com este nome.
        </p>
      )}
    </fieldset>
  );
}

function Chosen({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <span className="inline-flex max-w-60 items-center gap-1 rounded-md bg-accent-deep/40 py-0.5 pl-2 text-sm">
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label={`Tirar ${name}`}
        onClick={onRemove}
        className="p-1 hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
