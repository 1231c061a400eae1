// One box: how it is and was, what is wrong, what it was told, and its identity.
import { formatAge, useNow } from "@gtvision/shared/time";
import { Badge, DiskUse, ErrorState, LoadingState } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { EdgeNode } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { PageHeader } from "../shell/PageHeader";
import { NodeAlarms } from "./NodeAlarms";
import { NodeCommands } from "./NodeCommands";
import { NodeConfiguration } from "./NodeConfiguration";
import { NodeHistory } from "./NodeHistory";
import { NodeIdentity } from "./NodeIdentity";
import { NodeLine } from "./NodeLine";
import { useNode } from "./useNode";

const route = getRouteApi("/shell/caixas/$prefeitura/$caixa");

export function NodePage() {
  const { prefeitura: city, caixa: code } = route.useParams();
  const place = { city, code };
  const { data, error, refetch } = useNode(place);
  const timeZone = useTimeZones()(city);
  const user = useUser();
  if (!user) return null;
  if (!data)
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  const governs = user.role === "admin" || user.role === "gestor";
  return (
    <>
      <PageHeader title={`Caixa ${code}`} description={data.node.city.name}>
        <Badge tone={data.node.online ? "ok" : "bad"}>
          {data.node.online ? "Conectada" : "Sem conexão"}
        </Badge>
      </PageHeader>
      <div className="flex flex-col gap-4">
        <Facts node={data.node} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <NodeAlarms place={place} timeZone={timeZone} mayAcknowledge={governs} />
            <NodeConfiguration place={place} />
            <NodeLine place={place} maySet={governs} />
            <NodeHistory history={data.history} />
            {user.role === "admin" && (
              <NodeIdentity node={data.node} place={place} timeZone={timeZone} />
            )}
          </div>
          {governs && <NodeCommands place={place} timeZone={timeZone} role={user.role} />}
        </div>
      </div>
    </>
  );
}

function Facts({ node }: { node: EdgeNode }) {
  const now = useNow(5000);
  return (
    <dl className="grid grid-cols-2 gap-3 rounded-lg border border-line bg-panel p-3 sm:grid-cols-4">
      <Fact name="Última notícia">
        {node.last_seen_at ? formatAge(node.last_seen_at, now) : "—"}
      </Fact>
      <Fact name="Câmeras no ar">
        {node.cameras_online} de {node.cameras_total}
      </Fact>
      <Fact name="Processador">{percent(node.cpu_share)}</Fact>
      <Fact name="Disco">
        <DiskUse freeBytes={node.disk_free_bytes} totalBytes={node.disk_total_bytes} />
      </Fact>
      <Fact name="Relógio">{clockText(node)}</Fact>
      <Fact name="A enviar">{node.outbox_depth?.toLocaleString("pt-BR") ?? "—"}</Fact>
      <Fact name="Versão">{node.agent_version || "—"}</Fact>
      <Fact name="Sistema">{node.system || "—"}</Fact>
    </dl>
  );
}

const percent = (share: number | null) => (share === null ? "—" : `${Math.round(share * 100)} %`);

function clockText({ clock_synchronised: synchronised, clock_error_ms: error }: EdgeNode): string {
  if (synchronised === null) return "—";
  if (!synchronised) return "Sem sincronismo";
  return error === null ? "Sincronizado" : `Sincronizado, erro até ${error} ms`;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  );
}
