// Makes a mosaic, or changes one: its name, its layout, which camera goes where, and who sees it.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, SelectField, TextField } from "@gtvision/shared/ui";
import { type FormEvent, useState } from "react";
import type { Mosaic } from "../api/types";
import { CameraSelect } from "../cameras/CameraSelect";
import { useCameras } from "../cameras/useCameras";
import { LAYOUT_NAMES, LAYOUTS, type LayoutName, placed } from "./layouts";
import { useSaveMosaic } from "./useMosaics";

interface Props {
  /** Undefined: a new one. */
  mosaic: Mosaic | undefined;
  onSaved: (id: string) => void;
  onClose: () => void;
}

interface Draft {
  name: string;
  layout: LayoutName;
  cameras: readonly (string | undefined)[];
  shared: boolean;
}

const NEW: Draft = { name: "", layout: "2x2", cameras: [], shared: false };

export function MosaicDialog({ mosaic, onSaved, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(mosaic ?? NEW);
  const saving = useSaveMosaic(mosaic);
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });

  function submit(event: FormEvent) {
    event.preventDefault();
    const { name, layout, shared } = draft;
    saving.mutate(
      { name, layout, shared, cameras: placed(draft.cameras, layout) },
      { onSuccess: ({ id }) => onSaved(id) },
    );
  }

  return (
    <Modal
      title={mosaic ? "Alterar mosaico" : "Novo mosaico"}
      description="Até quatro câmeras de uma prefeitura, ao vivo"
      onClose={onClose}
      className="max-w-lg"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <TextField
          label="Nome"
          required
          maxLength={100}
          value={draft.name}
          onChange={({ target }) => change({ name: target.value })}
        />
        <SelectField
          label="Disposição"
          value={draft.layout}
          onChange={({ target }) => change({ layout: target.value as LayoutName })}
        >
          {LAYOUT_NAMES.map((key) => (
            <option key={key} value={key}>
              {LAYOUTS[key].label}
            </option>
          ))}
        </SelectField>
        <Places draft={draft} onChange={(cameras) => change({ cameras })} />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={draft.shared}
            onChange={({ target }) => change({ shared: target.checked })}
          />
          Mostrar a todos da prefeitura
        </label>
        {saving.isError && <Refusal problem={ApiProblem.from(saving.error)} />}
        <Button type="submit" variant="primary" className="h-9" disabled={saving.isPending}>
          Salvar
        </Button>
      </form>
    </Modal>
  );
}

interface PlacesProps {
  draft: Draft;
  onChange: (cameras: Draft["cameras"]) => void;
}

/** All cameras of a mosaic are of one prefeitura: that of the first that was chosen. */
function Places({ draft: { layout, cameras: chosen }, onChange }: PlacesProps) {
  const cameras = useCameras().data ?? [];
  const first = chosen.find(Boolean);
  const city = cameras.find(({ id }) => id === first)?.city.code;
  return Array.from({ length: LAYOUTS[layout].places }, (_, place) => (
    <CameraSelect
      key={place}
      label={`Câmera ${place + 1}`}
      none="Nenhuma"
      city={city}
      required={place === 0}
      value={chosen[place]}
      onChange={(id) =>
        onChange(Array.from({ length: 4 }, (_, at) => (at === place ? id : chosen[at])))
      }
    />
  ));
}

function Refusal({ problem }: { problem: ApiProblem }) {
  return (
    <p role="alert" className="text-bad">
      {problem.fields.cameras ?? problem.detail}
    </p>
  );
}
