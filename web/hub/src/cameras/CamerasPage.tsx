// The cameras and how they are; any of them can be watched at any recorded moment.
import { formatAge, formatDateTime, useNow } from "@gtvision/shared/time";
import { Button } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { Cctv, Play } from "lucide-react";
import type { Camera } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { CameraPlayback } from "../playback/CameraPlayback";
import { DataTable, type Column } from "../shell/DataTable";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { CameraCondition } from "./CameraCondition";
import { FootageDialog } from "./FootageDialog";
import { RefusedCameras } from "./RefusedCameras";
import { StreamFigures } from "./StreamFigures";
import { useCameras } from "./useCameras";

const route = getRouteApi("/shell/cameras");

export function CamerasPage() {
  const { camera: cameraId, inicio } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useCameras();
  const now = useNow(5000);
  const timeZoneOf = useTimeZones();
  const camera = query.data?.find(({ id }) => id === cameraId);
  const close = () => void navigate({ search: {}, resetScroll: false });

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
    { title: "Caixa", cell: ({ node }) => node ?? "—" },
    { title: "Prefeitura", cell: ({ city }) => city.name },
    { title: "Lê placas", cell: ({ lpr }) => (lpr ? "Sim" : "Não") },
    {
      title: "Gravação",
      className: "w-px",
      cell: ({ id, name }) => (
        <Button
          aria-label={`Ver gravação de ${name}`}
          onClick={() => void navigate({ search: { camera: id }, resetScroll: false })}
        >
          <Play aria-hidden className="size-4" />
          Ver gravação
        </Button>
      ),
    },
  ];

  return (
    <>
      <PageHeader title="Câmeras" description="Como estão as câmeras, e as gravações de cada uma" />
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
      {camera && inicio && (
        <CameraPlayback camera={camera} startUtc={Date.parse(inicio)} onClose={close} />
      )}
      {camera && !inicio && (
        <FootageDialog
          camera={camera}
          timeZone={timeZoneOf(camera.city.code)}
          onPick={(start) =>
            void navigate({ search: { camera: camera.id, inicio: start }, resetScroll: false })
          }
          onClose={close}
        />
      )}
    </>
  );
}
