// The last line of the console: is the central reachable, is there room, what time is it.
import { formatDateTime } from "@gtvision/shared/time";
import { Badge, DiskUse } from "@gtvision/shared/ui";
import { TriangleAlert } from "lucide-react";
import { useAlarms, useBoxNow, useBoxStatus, useTimeZone } from "./queries";
import type { BoxStatus } from "../api/types";

interface Props {
  /** Opens the list of what is wrong. */
  onAlarms: () => void;
}

export function StatusBar({ onAlarms }: Props) {
  const { data, isError } = useBoxStatus();
  const now = useBoxNow();
  const timeZone = useTimeZone();
  return (
    <footer
      aria-label="Estado da caixa"
      className="flex flex-wrap items-center gap-x-6 gap-y-1 border-t border-line bg-panel px-3 py-1.5 text-sm"
    >
      <span role="status" className="flex items-center gap-2">
        {isError ? (
          <Badge tone="bad">A caixa não responde: tentando de novo</Badge>
        ) : (
          <HubLink status={data} />
        )}
      </span>
      <AlarmsButton onClick={onAlarms} />
      {data && (
        <span className="flex items-center gap-2">
          <span className="text-ink-muted">Disco:</span>
          <DiskUse freeBytes={data.disk_free_bytes} totalBytes={data.disk_total_bytes} />
        </span>
      )}
      <span className="text-ink-muted">{data && `${data.city_name} · ${data.node}`}</span>
      <span className="ml-auto font-medium tabular-nums" aria-label="Relógio da caixa">
        {formatDateTime(now, timeZone)}
      </span>
    </footer>
  );
}

/** The first alarm in words, and how many there are; nothing when all is well. */
function AlarmsButton({ onClick }: { onClick: () => void }) {
  const [first, ...others] = useAlarms().data ?? [];
  return (
    <span role="status" className="min-w-0 max-w-full">
      {first && (
        <button
          type="button"
          data-testid="alarms"
          title="Ver os alarmes da caixa"
          onClick={onClick}
          className="flex max-w-72 items-center gap-1.5 rounded-full border border-bad px-2 py-0.5 text-xs font-semibold text-bad hover:bg-raised max-sm:max-w-full 2xl:max-w-112"
        >
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          <span className="shrink-0">
            {others.length > 0 ? `${others.length + 1} alarmes:` : "Alarme:"}
          </span>
          <span className="min-w-0 truncate">{first.text}</span>
        </button>
      )}
    </span>
  );
}

function HubLink({ status }: { status: BoxStatus | undefined }) {
  if (!status) return null;
  if (status.online_with_hub) return <Badge tone="ok">Central: conectada</Badge>;
  const stored = status.outbox_depth.toLocaleString("pt-BR");
  return <Badge tone="warn">Central: sem conexão (as leituras estão guardadas: {stored})</Badge>;
}
