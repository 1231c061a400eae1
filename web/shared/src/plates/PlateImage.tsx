// The picture of a plate read, or a quiet placeholder while it has not arrived.
import { clsx } from "clsx";
import { Car } from "lucide-react";
import { useState } from "react";
import { formatPlate } from "./plate";
import type { ShownRead } from "./read";

interface Props {
  read: ShownRead;
  className?: string;
  /** All of the picture, with bars where its shape is another; else it fills its place. */
  whole?: boolean;
}

export function PlateImage({ read, className, whole = false }: Props) {
  const latest = read.image_url ?? null;
  // Signed addresses differ in every answer of a live list: the one already loaded stays on screen.
  const [shown, setShown] = useState<string | null>(latest);
  const [broken, setBroken] = useState<string | null>(null);
  if (latest && latest !== broken && (shown === null || shown === broken)) setShown(latest);

  if (shown === null || shown === broken) {
    return (
      <span
        className={clsx("flex items-center justify-center bg-raised text-ink-muted", className)}
        title="Imagem ainda não disponível"
      >
        <Car aria-hidden className="size-1/3 max-h-10" strokeWidth={1.25} />
        <span className="sr-only">Imagem ainda não disponível</span>
      </span>
    );
  }
  return (
    <img
      src={shown}
      alt={`Veículo de placa ${formatPlate(read.plate)}`}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(shown)}
      className={clsx("bg-black", whole ? "object-contain" : "object-cover", className)}
    />
  );
}
