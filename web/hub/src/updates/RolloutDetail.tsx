// One rollout: how far it is, what can be done with it, and each box.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime, DEFAULT_TIME_ZONE } from "@gtvision/shared/time";
import { Badge, Button } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { HardDrive } from "lucide-react";
import type { Rollout, RolloutNode } from "../api/types";
import { Part } from "../nodes/Part";
import { DataTable, type Column } from "../shell/DataTable";
import { QueryPanel } from "../shell/QueryPanel";
import { useActOnRollout, useRollout } from "./useUpdates";
import { ACTION_LABELS, actionsIn, NODE_STATES, stageLabel, STATES } from "./words";

const COLUMNS: Column<RolloutNode>[] = [
  {
    title: "Caixa",
    cell: ({ city, node }) => (
      <Link
        to="/caixas/$prefeitura/$caixa"
        params={{ prefeitura: city, caixa: node }}
        className="font-medium text-accent hover:underline"
      >
        {city}/{node}
      </Link>
    ),
  },
  { title: "Etapa", className: "tabular-nums", cell: ({ stage }) => stage + 1 },
  {
    title: "Situação",
    cell: ({ state }) => {
      const [label, tone] = NODE_STATES[state];
      return <Badge tone={tone}>{label}</Badge>;
    },
  },
  { title: "Roda a versão", cell: ({ version }) => version || "—" },
  {
    title: "Conexão",
    cell: ({ online }) => (online ? "Conectada" : "Sem conexão: recebe quando voltar"),
  },
  { title: "Motivo", className: "min-w-56", cell: ({ reason }) => reason || "—" },
];

export function RolloutDetail({ id }: { id: number }) {
  const query = useRollout(id);
  const rollout = query.data?.rollout;
  return (
    <Part title={rollout ? `Atualização para ${rollout.version}` : "Atualização"}>
      {rollout && <Head rollout={rollout} />}
      <QueryPanel
        query={{ ...query, data: query.data?.nodes }}
        empty={{ icon: HardDrive, title: "Nenhuma caixa", text: "Nenhuma caixa entrou nela." }}
      >
        {(nodes) => (
          <DataTable
            label="Caixas da atualização"
            columns={COLUMNS}
            rows={nodes}
            keyOf={({ city, node }) => `${city}/${node}`}
          />
        )}
      </QueryPanel>
    </Part>
  );
}

function Head({ rollout }: { rollout: Rollout }) {
  const acting = useActOnRollout(rollout.id);
  const [label, tone] = STATES[rollout.state];
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>{label}</Badge>
        <span>
          {stageLabel(rollout)} · cada etapa é observada por {Math.round(rollout.soak_s / 60)} min ·
          começada por {rollout.created_by} em{" "}
          <DateTime at={rollout.created_at} timeZone={DEFAULT_TIME_ZONE} />
        </span>
      </p>
      {rollout.reason && <p className="text-bad">{rollout.reason}</p>}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {actionsIn(rollout.state).map((action) => (
          <Button
            key={action}
            className={action === "cancel" ? "text-bad" : undefined}
            disabled={acting.isPending}
            onClick={() =>
              (action !== "cancel" || confirm("As caixas já atualizadas ficam como estão.")) &&
              acting.mutate(action)
            }
          >
            {ACTION_LABELS[action]}
          </Button>
        ))}
      </div>
      <p role="alert" className="text-bad empty:hidden">
        {acting.isError && ApiProblem.from(acting.error).detail}
      </p>
    </div>
  );
}
