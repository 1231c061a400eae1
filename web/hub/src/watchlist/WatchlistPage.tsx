// The plates that a prefeitura looks out for, and who is told when one passes.
import { Button, SelectField } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { KINDS, type Kind } from "../alerts/words";
import { useUser } from "../auth/useUser";
import { CitySelect } from "../cities/CitySelect";
import { PageHeader } from "../shell/PageHeader";
import { Entries } from "./Entries";
import { NewEntry } from "./NewEntry";
import type { WatchlistSearch } from "./search";
import { Webhooks } from "./Webhooks";

const route = getRouteApi("/shell/monitoradas");

export function WatchlistPage() {
  const { aba, prefeitura, lista } = route.useSearch();
  const navigate = route.useNavigate();
  const [adding, setAdding] = useState(false);
  const mayChange = useUser()?.role !== "visualizador";
  const change = (changes: WatchlistSearch) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), resetScroll: false });
  const shown = mayChange ? aba : undefined;

  return (
    <>
      <PageHeader
        title="Placas monitoradas"
        description="Cada passagem de uma delas gera um alerta em todas as páginas"
      >
        {mayChange && (
          <Button variant="primary" className="h-9" onClick={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            Monitorar placa
          </Button>
        )}
      </PageHeader>
      {mayChange && (
        <div role="group" aria-label="Mostrar" className="mb-4 flex gap-1">
          {TABS.map(([tab, label]) => (
            <Button
              key={label}
              aria-pressed={shown === tab}
              onClick={() => change({ aba: tab })}
              className="aria-pressed:border-accent aria-pressed:text-white"
            >
              {label}
            </Button>
          ))}
        </div>
      )}
      {shown === "avisos" ? (
        <Webhooks />
      ) : (
        <>
          <div className="mb-4 flex flex-wrap gap-3">
            <SelectField
              label="Lista"
              value={lista ?? ""}
              onChange={({ target }) => change({ lista: (target.value || undefined) as Kind })}
            >
              <option value="">Todas</option>
              {Object.entries(KINDS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </SelectField>
            <CitySelect value={prefeitura} onChange={(city) => change({ prefeitura: city })} />
          </div>
          <Entries city={prefeitura} kind={lista} mayChange={mayChange} />
        </>
      )}
      {adding && <NewEntry city={prefeitura} onClose={() => setAdding(false)} />}
    </>
  );
}

const TABS = [
  [undefined, "Placas"],
  ["avisos", "Sistemas avisados"],
] as const;
