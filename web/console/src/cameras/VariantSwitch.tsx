// Which of a camera's two streams is watched: as the line allows, or the one that a person wants.
import { AUTOMATIC } from "@gtvision/shared/live";

export type Variant = typeof AUTOMATIC | "main" | "sub";

const LABELS: readonly (readonly [Variant, label: string, title: string])[] = [
  [AUTOMATIC, "Auto", "Qualidade conforme a rede"],
  ["main", "Alta", "Sempre a imagem inteira da câmera"],
  ["sub", "Baixa", "Sempre o segundo fluxo, que pesa menos na rede"],
];

interface Props {
  variant: Variant;
  onChange: (variant: Variant) => void;
}

export function VariantSwitch({ variant, onChange }: Props) {
  return (
    <span
      role="group"
      aria-label="Qualidade"
      className="flex overflow-hidden rounded-md border border-line"
    >
      {LABELS.map(([name, label, title]) => (
        <button
          key={name}
          type="button"
          title={title}
          aria-pressed={name === variant}
          onClick={() => onChange(name)}
          className="h-6 px-2 text-xs text-ink-soft -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white"
        >
          {label}
        </button>
      ))}
    </span>
  );
}
