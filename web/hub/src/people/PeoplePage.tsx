// Who may log in: a prefeitura's people for its gestor, everybody for the central.
import { Badge, Button, ROLES, TextField } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { UserPlus, Users } from "lucide-react";
import { useState } from "react";
import type { Person } from "../api/types";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { DataTable, type Column } from "../shell/DataTable";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { NewPerson } from "./NewPerson";
import { PersonDialog } from "./PersonDialog";
import { assignable, mayChange } from "./rules";
import { shown, type PeopleSearch } from "./search";
import { usePeople } from "./usePeople";

const route = getRouteApi("/shell/pessoas");

const OF_CITY: Column<Person> = {
  title: "Prefeitura",
  cell: ({ city }) => city?.name ?? "Central",
};

export function PeoplePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: PeopleSearch) =>
    void navigate({ search: { ...search, ...changes }, replace: true });
  const user = useUser();
  const query = usePeople();
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<number>();
  const everybody = query.data ?? [];
  const person = everybody.find(({ id }) => id === opened);
  const rows = { ...query, data: query.data && shown(query.data, search) };
  if (!user) return null;

  const columns: Column<Person>[] = [
    {
      title: "Pessoa",
      cell: ({ name, username }) => (
        <>
          <span className="block font-medium">{name || username}</span>
          <span className="block text-xs text-ink-muted">{username}</span>
        </>
      ),
    },
    { title: "Perfil", cell: ({ role }) => ROLES[role] },
    ...(user.city ? [] : [OF_CITY]),
    {
      title: "Situação",
      cell: ({ is_active }) => (
        <Badge tone={is_active ? "ok" : "idle"}>{is_active ? "Ativa" : "Desativada"}</Badge>
      ),
    },
    {
      title: "Ações",
      className: "w-px",
      cell: (one) =>
        mayChange(user, one) && (
          <Button aria-label={`Cuidar de ${one.username}`} onClick={() => setOpened(one.id)}>
            Cuidar
          </Button>
        ),
    },
  ];

  return (
    <>
      <PageHeader title="Pessoas" description="Quem entra no sistema, e como o quê">
        {assignable(user.role).length > 0 && (
          <Button variant="primary" onClick={() => setAdding(true)}>
            <UserPlus aria-hidden className="size-4" />
            Cadastrar pessoa
          </Button>
        )}
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-3 rounded-lg border border-line bg-panel p-3">
        <TextField
          label="Procurar"
          type="search"
          className="min-w-0 flex-1 basis-56"
          value={search.busca ?? ""}
          onChange={({ target }) => change({ busca: target.value || undefined })}
          placeholder="Nome ou usuário"
        />
        <CitySelect value={search.prefeitura} onChange={(prefeitura) => change({ prefeitura })} />
        <label className="flex h-9 items-center gap-2">
          <input
            type="checkbox"
            checked={search.todas === "sim"}
            onChange={({ target }) => change({ todas: target.checked ? "sim" : undefined })}
          />
          Mostrar desativadas
        </label>
      </div>
      <QueryPanel
        query={rows}
        empty={{
          icon: Users,
          title: "Ninguém aqui",
          text: "Ninguém corresponde a esta busca.",
        }}
      >
        {(people) => (
          <DataTable label="Pessoas" columns={columns} rows={people} keyOf={({ id }) => id} />
        )}
      </QueryPanel>
      {adding && (
        <NewPerson
          user={user}
          people={everybody}
          city={search.prefeitura}
          onClose={() => setAdding(false)}
        />
      )}
      {person && <PersonDialog person={person} onClose={() => setOpened(undefined)} />}
    </>
  );
}
