// The prefeituras and their plans; only the central looks after them.
import { Button, TextField } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import type { City } from "../api/types";
import { DataTable, type Column } from "../shell/DataTable";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { plain } from "../shell/plain";
import { CityDialog } from "./CityDialog";
import { NewCity } from "./NewCity";
import type { CitiesSearch } from "./search";
import { useCities } from "./useCities";

const route = getRouteApi("/shell/prefeituras");

export function CitiesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: CitiesSearch) =>
    void navigate({ search: { ...search, ...changes }, replace: true });
  const query = useCities();
  const [adding, setAdding] = useState(false);
  const wanted = plain(search.busca ?? "");
  const data = query.data
    ?.filter(({ name, code }) => plain(`${name} ${code}`).includes(wanted))
    // The database puts Á after Z.
    .sort((one, other) => one.name.localeCompare(other.name, "pt-BR"));
  const opened = query.data?.find(({ code }) => code === search.aberta);

  const columns: Column<City>[] = [
    {
      title: "Prefeitura",
      cell: ({ name, code }) => (
        <>
          <span className="block font-medium">{name}</span>
          <span className="block text-xs text-ink-muted">{code}</span>
        </>
      ),
    },
    { title: "Plano", cell: ({ plan }) => plan.name },
    { title: "Fuso horário", cell: ({ timezone }) => timezone },
    {
      title: "Ações",
      className: "w-px",
      cell: ({ code, name }) => (
        <Button aria-label={`Cuidar de ${name}`} onClick={() => change({ aberta: code })}>
          Cuidar
        </Button>
      ),
    },
  ];

  return (
    <>
      <PageHeader title="Prefeituras" description="Quem usa o sistema, e por quantos dias grava">
        <Button variant="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden className="size-4" />
          Cadastrar prefeitura
        </Button>
      </PageHeader>
      <div className="mb-4 rounded-lg border border-line bg-panel p-3">
        <TextField
          label="Procurar"
          type="search"
          value={search.busca ?? ""}
          onChange={({ target }) => change({ busca: target.value || undefined })}
          placeholder="Nome ou código"
        />
      </div>
      <QueryPanel
        query={{ ...query, data }}
        empty={{
          icon: Building2,
          title: "Nenhuma prefeitura",
          text: search.busca
            ? "Nenhuma corresponde a esta busca."
            : "Cadastre a primeira prefeitura.",
        }}
      >
        {(cities) => (
          <DataTable
            label="Prefeituras"
            columns={columns}
            rows={cities}
            keyOf={({ code }) => code}
          />
        )}
      </QueryPanel>
      {adding && (
        <NewCity
          onAdded={(code) => {
            setAdding(false);
            change({ aberta: code });
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {opened && (
        <CityDialog key={opened.code} city={opened} onClose={() => change({ aberta: undefined })} />
      )}
    </>
  );
}
