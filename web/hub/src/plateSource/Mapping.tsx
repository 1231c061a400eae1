// Where a device's own JSON has each of our fields.
import { TextField } from "@gtvision/shared/ui";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  wrong: Readonly<Record<string, string>>;
  onChange: (changes: Partial<Draft>) => void;
}

/** Our names of fields (docs/lpr-generic.md), as people call them. */
const FIELDS: readonly (readonly [field: string, label: string])[] = [
  ["plate", "Placa"],
  ["captured_at", "Horário"],
  ["confidence", "Confiança"],
  ["direction", "Direção"],
  ["lane", "Faixa"],
  ["speed_kmh", "Velocidade (km/h)"],
  ["vehicle_type", "Tipo de veículo"],
  ["vehicle_color", "Cor"],
  ["vehicle_make", "Marca"],
  ["vehicle_model", "Modelo"],
  ["country", "País"],
  ["region", "Região"],
  ["image", "Imagem (JPEG em base64)"],
  ["event", "Número do evento"],
  ["track", "Número do veículo"],
];

export function Mapping({ draft, wrong, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 font-medium">Mapeamento do JSON</legend>
      <p className="text-xs text-ink-soft">
        Onde o JSON da câmera tem cada campo, com pontos entre os níveis (ex.: alpr.0.plate; com *
        no lugar do número, cada veículo da lista). Em branco: o campo tem o nosso nome.
      </p>
      {wrong.mapping && (
        <p role="alert" className="text-xs text-bad">
          {wrong.mapping}
        </p>
      )}
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {FIELDS.map(([field, label]) => (
          <TextField
            key={field}
            label={label}
            value={draft.mapping[field] ?? ""}
            onChange={({ target }) =>
              onChange({ mapping: { ...draft.mapping, [field]: target.value } })
            }
            placeholder={field}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
          />
        ))}
        <TextField
          label="Formato do horário"
          value={draft.timeFormat}
          onChange={({ target }) => onChange({ timeFormat: target.value })}
          error={wrong.time_format}
          hint="iso, epoch_s, epoch_ms ou, por exemplo, %d/%m/%Y %H:%M:%S"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
        />
      </div>
    </fieldset>
  );
}
