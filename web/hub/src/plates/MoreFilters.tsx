// Filters by what a camera tells beside the plate.
import { directionLabel, vehicleColorLabel, vehicleTypeLabel } from "@gtvision/shared/plates";
import { SelectField, TextField } from "@gtvision/shared/ui";
import { useId } from "react";
import type { PlateRead } from "../api/types";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  onDraft: (changes: Partial<Draft>) => void;
  confidence: string | undefined;
  onConfidence: (confidence: string | undefined) => void;
  reads: readonly PlateRead[];
}

const CONFIDENCES = ["0.5", "0.7", "0.8", "0.9", "0.95"];

export function MoreFilters(props: Props) {
  const { draft, onDraft, confidence, onConfidence, reads } = props;
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        <WordField
          label="Direção"
          value={draft.direcao}
          onChange={(direcao) => onDraft({ direcao })}
          words={reads.map(({ direction }) => direction)}
          inPortuguese={directionLabel}
        />
        <WordField
          label="Tipo de veículo"
          value={draft.tipo}
          onChange={(tipo) => onDraft({ tipo })}
          words={reads.map(({ vehicle_type }) => vehicle_type)}
          inPortuguese={vehicleTypeLabel}
        />
        <WordField
          label="Cor"
          value={draft.cor}
          onChange={(cor) => onDraft({ cor })}
          words={reads.map(({ vehicle_color }) => vehicle_color)}
          inPortuguese={vehicleColorLabel}
        />
        <WordField
          label="Marca"
          value={draft.marca}
          onChange={(marca) => onDraft({ marca })}
          words={reads.map(({ vehicle_make }) => vehicle_make)}
        />
        <WordField
          label="Modelo"
          value={draft.modelo}
          onChange={(modelo) => onDraft({ modelo })}
          words={reads.map(({ vehicle_model }) => vehicle_model)}
        />
        <SelectField
          label="Confiança mínima"
          value={confidence ?? ""}
          onChange={({ target }) => onConfidence(target.value || undefined)}
        >
          <option value="">Qualquer</option>
          {CONFIDENCES.map((least) => (
            <option key={least} value={least}>
              {Math.round(Number(least) * 100)} %
            </option>
          ))}
        </SelectField>
      </div>
      <p className="text-xs text-ink-muted">
        Direção, tipo, cor, marca e modelo: como a câmera os informa. As palavras das leituras
        abaixo são sugeridas.
      </p>
    </div>
  );
}

interface WordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  words: readonly (string | null)[];
  inPortuguese?: (word: string) => string | null;
}

/** Cameras of each maker have words of their own: any may be typed, those seen are offered. */
function WordField({ label, value, onChange, words, inPortuguese }: WordFieldProps) {
  const list = useId();
  const offered = [...new Set(words)].filter((word) => word !== null).sort();
  return (
    <>
      <TextField
        label={label}
        list={list}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        placeholder="Qualquer"
        autoComplete="off"
        spellCheck={false}
        maxLength={32}
      />
      <datalist id={list}>
        {offered.map((word) => (
          <option key={word} value={word} label={inPortuguese?.(word) ?? word} />
        ))}
      </datalist>
    </>
  );
}
