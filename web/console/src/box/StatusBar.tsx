// The last line of the console: is the central reachable, is there room, what time is it.
import { formatDateTime } from "@gtvision/shared/time";
import { Badge, DiskUse } from "@gtvision/shared/ui";
import { useBoxNow, useBoxStatus, useTimeZone } from "./queries";
import type { BoxStatus } from "../api/types";

export function StatusBar() {
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
      {data && (
        <span className="flex items-center gap-2">
          <span className="text-ink-muted">Disco:</span>
          <DiskUse freeBytes={data.disk_free_bytes} totalBytes={data.disk_total_bytes} />
        </span>
      )}
      <span className="text-ink-muted">
        {data && (
          <>
            {data.city_name} · {data.node}
          </>
        )}
      </span>
      <span className="ml-auto font-medium tabular-nums" aria-label="Relógio da caixa">
        {formatDateTime(now, timeZone)}
      </span>
    </footer>
  );
}

function HubLink({ status }: { status: BoxStatus | undefined }) {
  if (!status) return null;
  if (status.online_with_hub) return <Badge tone="ok">Central: conectada</Badge>;
  const stored = status.outbox_depth.toLocaleString("pt-BR");
  return <Badge tone="warn">Central: sem conexão (as leituras estão guardadas: {stored})</Badge>;
}
