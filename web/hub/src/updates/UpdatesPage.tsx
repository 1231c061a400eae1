// The boxes' software: releases that were put in, and their rollouts stage by stage.
import { DateTime, DEFAULT_TIME_ZONE } from "@gtvision/shared/time";
import { Badge, Button } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { CircleArrowUp } from "lucide-react";
import { useState } from "react";
import type { Rollout } from "../api/types";
import { DataTable, type Column } from "../shell/DataTable";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { NewRollout } from "./NewRollout";
import { RolloutDetail } from "./RolloutDetail";
import { isOpen, stageLabel, STATES } from "./words";
import { useReleases, useRollouts } from "./useUpdates";

const route = getRouteApi("/shell/atualizacoes");

export function UpdatesPage() {
  const { atualizacao } = route.useSearch();
  const navigate = route.useNavigate();
  const releases = useReleases().data ?? [];
  const rollouts = useRollouts();
  const [starting, setStarting] = useState(false);
  const open = (id: number) => void navigate({ search: { atualizacao: id } });
  const running = rollouts.data?.find(isOpen);
  const shown = atualizacao ?? running?.id;

  return (
    <>
      <PageHeader title="Atualizações" description="O programa das caixas, por etapas">
        {releases.length > 0 && rollouts.isSuccess && !running && (
          <Button variant="primary" onClick={() => setStarting(true)}>
            <CircleArrowUp aria-hidden className="size-4" />
            Atualizar as caixas
          </Button>
        )}
      </PageHeader>
      <div className="flex flex-col gap-4">
        {shown !== undefined && <RolloutDetail key={shown} id={shown} />}
        <QueryPanel
          query={rollouts}
          empty={{
            icon: CircleArrowUp,
            title: "Nenhuma atualização",
            text: "Versões são incluídas no servidor com “gtv hub add-release”; depois a atualização começa aqui.",
          }}
        >
          {(rows) => <Rollouts rows={rows} onOpen={open} />}
        </QueryPanel>
      </div>
      {starting && (
        <NewRollout
          releases={releases}
          onStarted={(id) => {
            setStarting(false);
            open(id);
          }}
          onClose={() => setStarting(false)}
        />
      )}
    </>
  );
}

interface RolloutsProps {
  rows: Rollout[];
  onOpen: (id: number) => void;
}

function Rollouts({ rows, onOpen }: RolloutsProps) {
  const columns: Column<Rollout>[] = [
    { title: "Versão", cell: ({ version }) => <span className="font-medium">{version}</span> },
    {
      title: "Situação",
      cell: ({ state }) => {
        const [label, tone] = STATES[state];
        return <Badge tone={tone}>{label}</Badge>;
      },
    },
    { title: "Etapa", cell: stageLabel },
    {
      title: "Começada em",
      cell: ({ created_at }) => <DateTime at={created_at} timeZone={DEFAULT_TIME_ZONE} />,
    },
    {
      title: "Ver",
      className: "w-px",
      cell: ({ id, version }) => (
        <Button aria-label={`Ver caixas da atualização para ${version}`} onClick={() => onOpen(id)}>
          Ver caixas
        </Button>
      ),
    },
  ];
  return <DataTable label="Atualizações" columns={columns} rows={rows} keyOf={({ id }) => id} />;
}
