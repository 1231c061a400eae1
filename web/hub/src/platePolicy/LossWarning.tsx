// What a shorter retention deletes, and the word of who saves it that this is meant.
import { formatDateTime, toUtcMs, useNow } from "@gtvision/shared/time";
import { daysLost, keptSince } from "./loss";
import { useOldestRead } from "./usePolicy";

interface Props {
  city: string;
  days: number;
  timeZone: string;
  accepted: boolean;
  onAccept: (accepted: boolean) => void;
}

export function LossWarning({ city, days, timeZone, accepted, onAccept }: Props) {
  const now = useNow(60_000);
  const oldest = useOldestRead(city, true).data;
  return (
    <div className="flex flex-col gap-2 rounded-md border border-bad p-3">
      <p role="alert" className="text-bad">
        Serão apagadas, com suas imagens, as leituras de antes de{" "}
        {formatDateTime(keptSince(now, days), timeZone)}: na central na próxima limpeza, em até um
        dia, e nas caixas assim que receberem a mudança. Ficam só as protegidas por guarda judicial.
        O que foi apagado não volta, nem com um prazo maior.
      </p>
      {oldest !== undefined && (
        <p className="text-ink-soft">{oldestText(oldest, now, days, timeZone)}</p>
      )}
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={accepted}
          onChange={({ target }) => onAccept(target.checked)}
        />
        Entendo que essas leituras serão apagadas
      </label>
    </div>
  );
}

function oldestText(oldest: string | null, now: number, days: number, timeZone: string): string {
  if (oldest === null) return "Hoje não há nenhuma leitura guardada.";
  const lost = daysLost(toUtcMs(oldest), now, days);
  const since = `A leitura mais antiga de hoje é de ${formatDateTime(oldest, timeZone)}`;
  if (lost === 0) return `${since}: por enquanto nada é apagado.`;
  return `${since}: ${lost === 1 ? "some 1 dia" : `somem ${lost.toLocaleString("pt-BR")} dias`} de leituras.`;
}
