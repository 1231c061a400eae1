// What the hub wants of a box against what it has applied, field by field.
import { Badge } from "@gtvision/shared/ui";
import type { NodeDifference } from "../api/types";
import { useCameras } from "../cameras/useCameras";
import { DataTable, type Column } from "../shell/DataTable";
import { Part } from "./Part";
import { useConfiguration, type Place } from "./useNode";
import { fieldLabel, valueText } from "./words";

export function NodeConfiguration({ place }: { place: Place }) {
  const { data } = useConfiguration(place);
  const cameras = useCameras().data ?? [];
  const columns: Column<NodeDifference>[] = [
    { title: "O que", cell: ({ field }) => fieldLabel(field, cameras) },
    { title: "Na caixa", cell: ({ applied, secret }) => valueText(applied, secret) },
    { title: "Na central", cell: ({ desired, secret }) => valueText(desired, secret) },
  ];
  return (
    <Part title="Configuração">
      {data && (
        <>
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={data.behind_since ? "warn" : "ok"}>
              {data.behind_since ? `Atrasada há ${lagText(data.lag_s)}` : "Em dia"}
            </Badge>
            <span className="text-xs text-ink-muted tabular-nums">
              revisão {data.reported_revision ?? "—"} de {data.desired_revision}
            </span>
          </p>
          {data.differences?.length ? (
            <DataTable
              label="Diferenças"
              columns={columns}
              rows={data.differences}
              keyOf={({ field }) => field}
            />
          ) : null}
          {data.differences === null && (
            <p className="text-ink-soft">Várias mudanças estão a caminho da caixa.</p>
          )}
          <ul className="list-disc pl-5 text-warn empty:hidden">
            {data.not_as_desired.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

const MINUTE_S = 60;
const HOUR_S = 3600;

function lagText(seconds: number): string {
  if (seconds < MINUTE_S) return `${Math.round(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  return `${Math.round(seconds / HOUR_S)} h`;
}
