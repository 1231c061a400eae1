// Everything known about one plate read, shown beside its video.
import { DateTime } from "../time";
import { PlateBadge } from "./PlateBadge";
import { PlateImage } from "./PlateImage";
import { confidenceLabel, directionLabel, speedLabel, vehicleLabel, type ShownRead } from "./read";

interface Props {
  read: ShownRead;
  timeZone: string;
}

export function ReadDetails({ read, timeZone }: Props) {
  const facts: [string, string | null | undefined][] = [
    ["Câmera", read.camera.name],
    ["Prefeitura", read.city?.name],
    ["Direção", directionLabel(read.direction)],
    ["Faixa", read.lane?.toString()],
    ["Velocidade", speedLabel(read.speed_kmh)],
    ["Veículo", vehicleLabel(read)],
    ["Confiança", confidenceLabel(read.confidence)],
  ];
  return (
    <div className="flex flex-col gap-4">
      <PlateImage read={read} className="aspect-video w-full rounded-md" />
      <div className="flex justify-center">
        <PlateBadge plate={read.plate} size="lg" />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        <dt className="text-ink-muted">Horário</dt>
        <dd className="text-right font-medium whitespace-nowrap tabular-nums">
          <DateTime at={read.captured_at} timeZone={timeZone} />
        </dd>
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} className="contents">
              <dt className="text-ink-muted">{name}</dt>
              <dd className="text-right">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </div>
  );
}
