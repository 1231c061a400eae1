// The cameras and how they are; any of them can be watched at any recorded moment.
import { formatAge, formatDateTime, useNow } from "@gtvision/shared/time";
import { Button } from "@gtvision/shared/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Cctv, Play, Plus, Radio, Settings2 } from "lucide-react";
import { useState } from "react";
import type { Camera } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { governs } from "../shell/navigation";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { CameraCondition } from "./CameraCondition";
import { CameraDialog } from "./CameraDialog";
import { NewCamera } from "./NewCamera";
import { OpenVideo } from "./OpenVideo";
import { RefusedCameras } from "./RefusedCameras";
import type { FootageSearch } from "./search";
import { StreamFigures } from "./StreamFigures";
import { useCameras } from "./useCameras";

const route = getRouteApi("/shell/cameras");

const OF_CITY: Column<Camera> = { title: "Prefeitura", cell: ({ city }) => city.name };

function useMayChange(): boolean {
  const user = useUser();
  return user !== null && governs(user.role);
}

export function CamerasPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useCameras();
  const now = useNow(5000);
  const timeZoneOf = useTimeZones();
  const camera = query.data?.find(({ id }) => id === search.camera);
  const isOfCity = useUser()?.city !== null;
  const mayChange = useMayChange();
  const changed = mayChange ? query.data?.find(({ id }) => id === search.cuidar) : undefined;
  const [adding, setAdding] = useState(false);
  const open = (next: FootageSearch) => void navigate({ search: next, resetScroll: false });

  const columns: Column<Camera>[] = [
    { title: "Câmera", cell: ({ name }) => <span className="font-medium">{name}</span> },
    { title: "Estado", cell: (shown) => <CameraCondition camera={shown} /> },
    { title: "Vídeo", cell: ({ measured }) => <StreamFigures measured={measured} /> },
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
    { title: "Caixa", className: "whitespace-nowrap", cell: ({ node }) => node ?? "—" },
    ...(isOfCity ? [] : [OF_CITY]),
    {
      title: "Lê placas",
      cell: ({ id, name, lpr }) =>
        mayChange ? (
          <Link
            to="/cameras/$camera/placas"
            params={{ camera: id }}
            aria-label={`Leitura de placas de ${name}: ${lpr ? "sim" : "não"}, configurar`}
            className="flex items-center gap-1.5 underline decoration-line-strong underline-offset-4 hover:decoration-current"
          >
            {lpr ? "Sim" : "Não"}
            <Settings2 aria-hidden className="size-4" />
          </Link>
        ) : lpr ? (
          "Sim"
        ) : (
          "Não"
        ),
    },
    {
      title: "Assistir",
      className: "w-px",
      cell: ({ id, name }) => (
        <span className="flex gap-2">
          <Button
            aria-label={`Ver ${name} ao vivo`}
            onClick={() => open({ camera: id, aovivo: "alta" })}
          >
            <Radio aria-hidden className="size-4" />
            Ao vivo
          </Button>
          <Button aria-label={`Ver gravação de ${name}`} onClick={() => open({ camera: id })}>
            <Play aria-hidden className="size-4" />
            Gravação
          </Button>
          {mayChange && (
            <Button aria-label={`Cuidar de ${name}`} onClick={() => open({ cuidar: id })}>
              Cuidar
            </Button>
          )}
        </span>
      ),
    },
  ];

  return (
    <>
      <PageHeader title="Câmeras" description="Como estão as câmeras, ao vivo e gravadas">
        {mayChange && (
          <>
            <Link to="/cameras/importar" className="text-accent hover:underline">
              Importar planilha
            </Link>
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-4" />
              Cadastrar câmera
            </Button>
          </>
        )}
      </PageHeader>
      <QueryPanel
        query={query}
        empty={{
          icon: Cctv,
          title: "Nenhuma câmera",
          text: "Ainda não há câmeras cadastradas para você ver.",
        }}
      >
        {(cameras) => (
          <DataTable label="Câmeras" columns={columns} rows={cameras} keyOf={({ id }) => id} />
        )}
      </QueryPanel>
      <RefusedCameras />
      {adding && <NewCamera onClose={() => setAdding(false)} />}
      {changed && <CameraDialog key={changed.id} camera={changed} onClose={() => open({})} />}
      {camera && <OpenVideo camera={camera} search={search} onOpen={open} />}
    </>
  );
}
