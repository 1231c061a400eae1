// Cameras that a technician added at a box and that the prefeitura did not take, and why.
import { formatDateTime } from "@gtvision/shared/time";
import type { RefusedCamera } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { useRefusedCameras } from "./useCameras";

export function RefusedCameras() {
  const { data } = useRefusedCameras();
  const timeZoneOf = useTimeZones();
  if (!data?.length) return null;

  const columns: Column<RefusedCamera>[] = [
    { title: "Câmera", cell: ({ name, camera }) => name || camera },
    { title: "Motivo", cell: ({ reason }) => <span className="text-bad">{reason}</span> },
    { title: "Caixa", cell: ({ node }) => node },
    { title: "Prefeitura", cell: ({ city }) => city.name },
    {
      title: "Quando",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ at, city }) => formatDateTime(at, timeZoneOf(city.code)),
    },
  ];
  return (
    <section className="mt-6 overflow-clip rounded-lg border border-line bg-panel">
      <h2 className="px-4 py-3 text-sm font-semibold">Câmeras recusadas</h2>
      <p className="px-4 pb-3 text-xs text-ink-soft">
        Foram adicionadas em uma caixa e não são gravadas. Quem as adicionou vê o mesmo motivo lá.
      </p>
      <DataTable
        label="Câmeras recusadas"
        columns={columns}
        rows={data}
        keyOf={({ node, city, camera }) => `${city.code}/${node}/${camera}`}
      />
    </section>
  );
}
