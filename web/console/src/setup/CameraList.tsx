// Each camera's health, and the end of those that were added here.
import { ApiProblem } from "@gtvision/shared/api";
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  IconButton,
  LoadingState,
} from "@gtvision/shared/ui";
import { Cctv, Plus, Search, Trash2 } from "lucide-react";
import { useCameras } from "../box/queries";
import { listed, type ListedCamera } from "./listed";
import { useLocalCameras, useRemoveCamera } from "./queries";

interface Props {
  /** The name of the camera that was just added. */
  added?: string;
  onSearch: () => void;
  onType: () => void;
}

export function CameraList({ added, onSearch, onType }: Props) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <Button variant="primary" onClick={onSearch}>
          <Search aria-hidden className="size-4" />
          Procurar na rede
        </Button>
        <Button onClick={onType}>
          <Plus aria-hidden className="size-4" />
          Informar endereço RTSP
        </Button>
        <p role="status" className="text-sm text-ok">
          {added && `“${added}” foi adicionada.`}
        </p>
      </div>
      <div className="overflow-auto">
        <Rows />
      </div>
    </>
  );
}

function Rows() {
  const cameras = useCameras();
  const local = useLocalCameras();
  const removing = useRemoveCamera();
  if (!cameras.data || !local.data) {
    const failed = [cameras, local].find(({ isError, data }) => isError && !data);
    if (!failed) return <LoadingState />;
    return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  const rows = listed(cameras.data, local.data);
  if (rows.length === 0) {
    return (
      <EmptyState icon={Cctv} title="Nenhuma câmera">
        Procure na rede ou informe o endereço RTSP de uma câmera.
      </EmptyState>
    );
  }
  return (
    <>
      {removing.error && (
        <p role="alert" className="px-4 pt-3 text-sm text-bad">
          {ApiProblem.from(removing.error).detail}
        </p>
      )}
      <ul aria-label="Câmeras desta caixa" className="divide-y divide-line">
        {rows.map((camera) => (
          <CameraRow
            key={camera.id}
            camera={camera}
            disabled={removing.isPending}
            onRemove={() => removing.mutate(camera.id)}
          />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  camera: ListedCamera;
  disabled: boolean;
  onRemove: () => void;
}

function CameraRow({ camera, disabled, onRemove }: RowProps) {
  const { name, tone, label, health, refusal, local } = camera;
  const question = `Remover “${name}”? O que já foi gravado fica até o fim do prazo.`;
  return (
    <li data-testid="camera-row" className="flex min-h-14 items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{name}</p>
        {health && <p className="text-xs text-ink-soft tabular-nums">{health}</p>}
        {local && !refusal && (
          <p className="text-xs text-warn">Adicionada aqui: aguardando a central</p>
        )}
        {refusal && <p className="text-xs text-bad">A central recusou: {refusal}</p>}
      </div>
      <Badge tone={tone}>{label}</Badge>
      {local && (
        <IconButton
          label={`Remover: ${name}`}
          disabled={disabled}
          onClick={() => confirm(question) && onRemove()}
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
    </li>
  );
}
