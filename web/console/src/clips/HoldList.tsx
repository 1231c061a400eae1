// Footage that is kept past its plan because somebody asked for it: which, why, and its release.
import { formatDateTime } from "@gtvision/shared/time";
import { Button, EmptyState, ErrorState, LoadingState, Modal } from "@gtvision/shared/ui";
import { ShieldCheck } from "lucide-react";
import type { Hold } from "../api/types";
import type { PickedCamera } from "../cameras/CameraPicker";
import { EvidenceTabs } from "./EvidenceTabs";
import { NewHold } from "./NewHold";
import { useHolds, useReleaseHold } from "./queries";

interface Props {
  cameras: readonly PickedCamera[];
  /** The camera on screen, offered first. */
  camera: string | undefined;
  nowUtc: number;
  timeZone: string;
  mayHold: boolean;
  onClips: () => void;
  onClose: () => void;
}

export function HoldList({ cameras, camera, nowUtc, timeZone, mayHold, onClips, onClose }: Props) {
  const { data, error, refetch } = useHolds();
  return (
    <Modal
      title="Proteções"
      description="Gravações guardadas além do prazo do plano, até que um gestor as libere"
      onClose={onClose}
      className="max-w-3xl"
    >
      <EvidenceTabs shown="protecoes" onOther={onClips} />
      <div className="overflow-auto">
        {mayHold && (
          <NewHold cameras={cameras} camera={camera} nowUtc={nowUtc} timeZone={timeZone} />
        )}
        {!data &&
          (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />)}
        {data?.length === 0 && (
          <EmptyState icon={ShieldCheck} title="Nenhuma gravação protegida">
            {mayHold
              ? "O que for protegido acima fica aqui até ser liberado."
              : "Peça a um gestor que proteja o trecho que interessa."}
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {data?.map((hold) => (
            <HoldRow key={hold.id} hold={hold} timeZone={timeZone} mayRelease={mayHold} />
          ))}
        </ul>
      </div>
    </Modal>
  );
}

interface RowProps {
  hold: Hold;
  timeZone: string;
  mayRelease: boolean;
}

function HoldRow({ hold, timeZone, mayRelease }: RowProps) {
  const releasing = useReleaseHold();
  return (
    <li data-testid="hold-row" className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{hold.camera.name}</p>
        <p className="text-xs text-ink-soft tabular-nums">
          {formatDateTime(hold.start, timeZone)} a {formatDateTime(hold.end, timeZone)}
        </p>
        <p className="text-xs break-words text-ink-muted">{hold.reason}</p>
      </div>
      {mayRelease && (
        <Button
          disabled={releasing.isPending}
          onClick={() =>
            confirm(
              "Liberar esta gravação? O que passou do prazo do plano será apagado. Isto fica registrado.",
            ) && releasing.mutate(hold.id)
          }
        >
          Liberar
        </Button>
      )}
    </li>
  );
}
