// Which cameras answer on the network; one of them is chosen.
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  LoadingState,
  TextField,
} from "@gtvision/shared/ui";
import { ChevronRight, SearchX } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { FoundDevice } from "../api/types";
import { useDiscover } from "./queries";
import { shownDevice } from "./words";

export function Discovery({ onChoose }: { onChoose: (device: FoundDevice) => void }) {
  const [address, setAddress] = useState("");
  const searching = useDiscover();
  const search = () => searching.mutate(address.trim());

  function submit(event: FormEvent) {
    event.preventDefault();
    search();
  }

  return (
    <>
      <form onSubmit={submit} className="flex items-start gap-2 px-4 py-3">
        <TextField
          label="Endereço ou rede (opcional)"
          hint="Em branco: quem se anuncia na rede da caixa"
          name="address"
          placeholder="192.168.1.0/24"
          maxLength={100}
          autoComplete="off"
          value={address}
          onChange={({ target }) => setAddress(target.value)}
          className="flex-1"
        />
        {/* As far down as the field's label is high. */}
        <Button type="submit" variant="primary" disabled={searching.isPending} className="mt-5 h-9">
          Procurar
        </Button>
      </form>
      <div className="overflow-auto border-t border-line">
        {searching.isPending && <LoadingState text="Procurando: leva alguns segundos…" />}
        {searching.isError && <ErrorState error={searching.error} onRetry={search} />}
        {searching.data && <Found devices={searching.data.devices} onChoose={onChoose} />}
      </div>
    </>
  );
}

interface FoundProps {
  devices: readonly FoundDevice[];
  onChoose: (device: FoundDevice) => void;
}

function Found({ devices, onChoose }: FoundProps) {
  if (devices.length === 0) {
    return (
      <EmptyState icon={SearchX} title="Nenhuma câmera respondeu">
        Confira se a câmera está ligada nesta rede, ou procure pelo endereço dela.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Câmeras encontradas" className="divide-y divide-line">
      {devices.map((device) => (
        <li key={device.address}>
          <button
            type="button"
            onClick={() => onChoose(device)}
            className="flex w-full items-center gap-3 px-4 py-2.5 text-left -outline-offset-2 hover:bg-raised"
          >
            <span className="min-w-0 flex-1">
              <span className="block font-medium tabular-nums">{device.address}</span>
              <span className="block truncate text-xs text-ink-soft">{shownDevice(device)}</span>
            </span>
            {device.onvif_port && <Badge tone="ok">ONVIF</Badge>}
            {device.rtsp_port && <Badge tone="idle">RTSP</Badge>}
            <ChevronRight aria-hidden className="size-4 text-ink-muted" />
          </button>
        </li>
      ))}
    </ul>
  );
}
