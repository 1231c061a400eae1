// Mosaics: which there are, and the one that is watched, live.
import { Button, SelectField } from "@gtvision/shared/ui";
import { getRouteApi } from "@tanstack/react-router";
import { LayoutGrid, Pencil, Plus, Trash2 } from "lucide-react";
import type { Mosaic } from "../api/types";
import { useCameras } from "../cameras/useCameras";
import { LiveDialog } from "../live/LiveDialog";
import { PageHeader } from "../shell/PageHeader";
import { QueryPanel } from "../shell/QueryPanel";
import { MosaicDialog } from "./MosaicDialog";
import { MosaicGrid } from "./MosaicGrid";
import type { MosaicSearch } from "./search";
import { useDeleteMosaic, useMosaics } from "./useMosaics";

const route = getRouteApi("/shell/mosaicos");

export function MosaicsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useMosaics();
  const cameras = useCameras().data ?? [];
  const shown = query.data?.find(({ id }) => id === search.mosaico) ?? query.data?.[0];
  const open = (next: MosaicSearch) => void navigate({ search: next, resetScroll: false });
  const back = () => open({ mosaico: shown?.id });

  return (
    <>
      <PageHeader title="Mosaicos" description="Até quatro câmeras ao vivo, lado a lado">
        {shown && <Choice mosaics={query.data ?? []} shown={shown} onOpen={open} />}
        <Button variant="primary" onClick={() => open({ mosaico: shown?.id, editar: "novo" })}>
          <Plus aria-hidden className="size-4" />
          Novo mosaico
        </Button>
      </PageHeader>
      <QueryPanel
        query={query}
        empty={{
          icon: LayoutGrid,
          title: "Nenhum mosaico",
          text: "Crie um para ver câmeras ao vivo lado a lado.",
        }}
      >
        {() =>
          shown && (
            <MosaicGrid
              key={shown.id}
              mosaic={shown}
              cameras={cameras}
              onEnlarge={(camera) => open({ mosaico: shown.id, camera, aovivo: "alta" })}
            />
          )
        }
      </QueryPanel>
      <Enlarged search={search} onOpen={open} onClose={back} />
      {search.editar && (
        <MosaicDialog
          mosaic={search.editar === "este" ? shown : undefined}
          onSaved={(id) => open({ mosaico: id })}
          onClose={back}
        />
      )}
    </>
  );
}

interface ChoiceProps {
  mosaics: Mosaic[];
  shown: Mosaic;
  onOpen: (search: MosaicSearch) => void;
}

function Choice({ mosaics, shown, onOpen }: ChoiceProps) {
  const deleting = useDeleteMosaic();
  const ask = () =>
    window.confirm(`Excluir o mosaico “${shown.name}”?`) &&
    deleting.mutate(shown.id, { onSuccess: () => onOpen({}) });
  return (
    <div className="flex items-end gap-2">
      <SelectField
        label="Mosaico"
        value={shown.id}
        onChange={({ target }) => onOpen({ mosaico: target.value })}
      >
        {mosaics.map(({ id, name, shared, owner }) => (
          <option key={id} value={id}>
            {shared ? `${name} (de ${owner})` : name}
          </option>
        ))}
      </SelectField>
      {shown.may_change && (
        <>
          <Button onClick={() => onOpen({ mosaico: shown.id, editar: "este" })}>
            <Pencil aria-hidden className="size-4" />
            Alterar
          </Button>
          <Button onClick={ask} disabled={deleting.isPending}>
            <Trash2 aria-hidden className="size-4" />
            Excluir
          </Button>
        </>
      )}
    </div>
  );
}

interface EnlargedProps {
  search: MosaicSearch;
  onOpen: (search: MosaicSearch) => void;
  onClose: () => void;
}

function Enlarged({ search, onOpen, onClose }: EnlargedProps) {
  const navigate = route.useNavigate();
  const camera = useCameras().data?.find(({ id }) => id === search.camera);
  if (!camera) return null;
  return (
    <LiveDialog
      camera={camera}
      quality={search.aovivo === "baixa" ? "sub" : "main"}
      onQuality={(best) => onOpen({ ...search, aovivo: best === "main" ? "alta" : "baixa" })}
      onRecording={() => void navigate({ to: "/cameras", search: { camera: camera.id } })}
      onClose={onClose}
    />
  );
}
