// How much of a prefeitura's limits is in use: cameras, people and boxes.
import { unwrap } from "@gtvision/shared/api";
import { ErrorState } from "@gtvision/shared/ui";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { City, Person } from "../api/types";
import { useNodes } from "../nodes/useNode";
import { places } from "../people/rules";
import { usePeople } from "../people/usePeople";

/** Requirement S2.4. */
const MAX_CAMERAS = 1000;

export function CityUse({ city }: { city: City }) {
  const cameras = useQuery({
    queryKey: ["cameras", city.code],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/cameras", { params: { query: { city: city.code } }, signal })),
  });
  const people = usePeople();
  const nodes = useNodes();
  const failed = [cameras, people, nodes].find(({ data, error }) => error && data === undefined);
  if (failed?.error)
    return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;

  const boxes = nodes.data?.filter((node) => node.city.code === city.code);
  return (
    <dl aria-label="Em uso" className="grid grid-cols-2 gap-3">
      <Figure title="Câmeras" of={MAX_CAMERAS} used={cameras.data?.length} />
      <Figure
        title="Caixas conectadas"
        of={boxes?.length}
        used={boxes?.filter(({ online }) => online).length}
      />
      <Places title="Gestor" of="gestor" people={people.data} city={city} />
      <Places title="Visualizadores" of="visualizador" people={people.data} city={city} />
    </dl>
  );
}

interface PlacesProps {
  title: string;
  of: Person["role"];
  people: readonly Person[] | undefined;
  city: City;
}

function Places({ title, of: role, people, city }: PlacesProps) {
  const room = people && places(people, role, city.code);
  return <Figure title={title} of={room?.limit} used={room?.taken} />;
}

interface FigureProps {
  title: string;
  used: number | undefined;
  of: number | undefined;
}

function Figure({ title, used, of }: FigureProps) {
  const known = used !== undefined && of !== undefined;
  return (
    <div>
      <dt className="text-xs text-ink-muted">{title}</dt>
      <dd className="tabular-nums">
        {known ? `${used.toLocaleString("pt-BR")} de ${of.toLocaleString("pt-BR")}` : "…"}
      </dd>
    </div>
  );
}
