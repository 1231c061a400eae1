// Requests of the people concerned, by deadline; those that are late say so in words, not by colour alone.
import { PlateBadge } from "@gtvision/shared/plates";
import { Badge, Button, SelectField } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { Plus, UserCheck } from "lucide-react";
import { useState } from "react";
import type { PrivacyRequest } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { DataTable, type Column } from "../shell/DataTable";
import { LoadMore } from "../shell/LoadMore";
import { QueryPanel } from "../shell/QueryPanel";
import { NewRequest } from "./NewRequest";
import type { PartProps } from "./PrivacyPage";
import type { PrivacySearch } from "./search";
import { useRequests } from "./useRequests";
import { dayText, deadlineText, REQUEST_KINDS, REQUEST_STATES, urgencyOf } from "./words";

export function Requests({ search, onSearch, user }: PartProps) {
  const [adding, setAdding] = useState(false);
  const query = useRequests(search);
  const rows = { ...query, data: query.data?.pages.flatMap(({ results }) => results) };
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SelectField
          label="Mostrar pedidos"
          value={search.mostrar ?? ""}
          onChange={({ target }) =>
            onSearch({ mostrar: (target.value || undefined) as PrivacySearch["mostrar"] })
          }
        >
          <option value="">Em aberto</option>
          <option value="atrasados">Em atraso</option>
          <option value="encerrados">Encerrados</option>
        </SelectField>
        <SelectField
          label="Tipo"
          value={search.tipo ?? ""}
          onChange={({ target }) =>
            onSearch({ tipo: (target.value || undefined) as PrivacySearch["tipo"] })
          }
        >
          <option value="">Todos</option>
          {Object.entries(REQUEST_KINDS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => onSearch({ prefeitura })} />
        {user.role !== "auditor" && (
          <Button variant="primary" className="ml-auto h-9" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            Registrar pedido
          </Button>
        )}
      </div>
      <QueryPanel
        query={rows}
        empty={{
          icon: UserCheck,
          title: search.mostrar === "atrasados" ? "Nenhum pedido em atraso" : "Nenhum pedido",
          text: "Pedidos que chegam pelo protocolo da prefeitura são registrados aqui, com o seu prazo.",
        }}
      >
        {(requests) => (
          <>
            <DataTable
              label="Pedidos de titulares"
              columns={COLUMNS}
              rows={requests}
              keyOf={({ id }) => id}
            />
            <LoadMore query={query} />
          </>
        )}
      </QueryPanel>
      {adding && <NewRequest city={search.prefeitura} onClose={() => setAdding(false)} />}
    </>
  );
}

const COLUMNS: Column<PrivacyRequest>[] = [
  { title: "Prazo", className: "whitespace-nowrap", cell: (request) => <Deadline {...request} /> },
  {
    title: "Protocolo",
    cell: ({ id, reference }) => (
      <Link
        to="/privacidade/pedidos/$pedido"
        params={{ pedido: String(id) }}
        className="font-medium text-accent underline"
      >
        {reference}
      </Link>
    ),
  },
  { title: "Tipo", cell: ({ kind }) => REQUEST_KINDS[kind] },
  { title: "Titular", cell: ({ requester }) => requester },
  { title: "Placa", cell: ({ plate }) => (plate ? <PlateBadge plate={plate} /> : "—") },
  { title: "Prefeitura", cell: ({ city }) => city.name },
  { title: "Situação", cell: ({ state }) => <State state={state} /> },
];

export function Deadline({ due_on, days_left, state }: PrivacyRequest) {
  const urgency = urgencyOf({ state, days_left });
  return (
    <span className="flex flex-col items-start gap-1 tabular-nums">
      {dayText(due_on)}
      {urgency && <Badge tone={urgency}>{deadlineText(days_left)}</Badge>}
    </span>
  );
}

export function State({ state }: Pick<PrivacyRequest, "state">) {
  const [tone, label] = REQUEST_STATES[state];
  return <Badge tone={tone}>{label}</Badge>;
}
