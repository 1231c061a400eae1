// The edge boxes: whether they are reachable, follow their configuration, and have room.
import { formatAge, formatDateTime, useNow } from "@gtvision/shared/time";
import { Badge, Button, DiskUse } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { HardDrive, Plus } from "lucide-react";
import { useState } from "react";
import type { EdgeNode } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { Alarms } from "./Alarms";
import { Configuration } from "./Configuration";
import { NewNode } from "./NewNode";
import { useNodes } from "./useNode";

export function NodesPage() {
  const query = useNodes();
  const now = useNow(5000);
  const user = useUser();
  const [adding, setAdding] = useState(false);
  const timeZoneOf = useTimeZones();

  const columns: Column<EdgeNode>[] = [
    {
      title: "Caixa",
      cell: ({ code, city, agent_version }) => (
        <>
          <Link
            to="/caixas/$prefeitura/$caixa"
            params={{ prefeitura: city.code, caixa: code }}
            className="block font-medium text-accent hover:underline"
          >
            {code}
          </Link>
          {agent_version && (
            <span className="block text-xs text-ink-muted">versão {agent_version}</span>
          )}
        </>
      ),
    },
    { title: "Prefeitura", cell: ({ city }) => city.name },
    {
      title: "Conexão",
      cell: ({ online }) => (
        <Badge tone={online ? "ok" : "bad"}>{online ? "Conectada" : "Sem conexão"}</Badge>
      ),
    },
    {
      title: "Última notícia",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ last_seen_at, city }) =>
        last_seen_at ? (
          <span title={formatDateTime(last_seen_at, timeZoneOf(city.code))}>
            {formatAge(last_seen_at, now)}
          </span>
        ) : (
          "—"
        ),
    },
    {
      title: "Alarmes",
      cell: (node) => <Alarms node={node} timeZone={timeZoneOf(node.city.code)} />,
    },
    { title: "Configuração", cell: (node) => <Configuration node={node} /> },
    {
      title: "Disco",
      cell: ({ disk_free_bytes, disk_total_bytes }) => (
        <DiskUse freeBytes={disk_free_bytes} totalBytes={disk_total_bytes} />
      ),
    },
    {
      title: "A enviar",
      className: "tabular-nums",
      cell: ({ outbox_depth }) => outbox_depth?.toLocaleString("pt-BR") ?? "—",
    },
  ];

  return (
    <>
      <PageHeader
        title="Caixas"
        description="Os equipamentos que gravam as câmeras em cada prefeitura"
      >
        {user?.role === "admin" && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            Nova caixa
          </Button>
        )}
      </PageHeader>
      {adding && <NewNode onClose={() => setAdding(false)} />}
      <QueryPanel
        query={query}
        empty={{
          icon: HardDrive,
          title: "Nenhuma caixa",
          text: "Ainda não há caixas cadastradas nesta prefeitura.",
        }}
      >
        {(nodes) => (
          <DataTable
            label="Caixas"
            columns={columns}
            rows={nodes}
            keyOf={({ city, code }) => `${city.code}/${code}`}
          />
        )}
      </QueryPanel>
    </>
  );
}
