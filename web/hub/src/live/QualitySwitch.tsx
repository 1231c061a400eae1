// Whether the camera's whole picture is wanted, or the small one, which weighs less on its box's line.
import { Button } from "@gtvision/shared/ui";
import type { Best } from "./LiveSession";

const CHOICES: readonly (readonly [Best, label: string, title: string])[] = [
  ["main", "Alta", "A imagem inteira da câmera, conforme a rede"],
  ["sub", "Baixa", "A imagem menor, que pesa menos na conexão da caixa"],
];

interface Props {
  quality: Best;
  onChange: (quality: Best) => void;
}

export function QualitySwitch({ quality, onChange }: Props) {
  return (
    <span role="group" aria-label="Qualidade" className="flex">
      {CHOICES.map(([best, label, title]) => (
        <Button
          key={best}
          variant={best === quality ? "primary" : "quiet"}
          aria-pressed={best === quality}
          title={title}
          onClick={() => onChange(best)}
        >
          {label}
        </Button>
      ))}
    </span>
  );
}
