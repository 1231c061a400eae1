// Which cameras read most, which plates were read most, and which are new.
import { PlateBadge } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Statistics } from "../api/types";

interface Props {
  found: Statistics;
}

export function PerCamera({ found: { by_camera } }: Props) {
  const most = by_camera[0]?.reads ?? 1;
  return (
    <ul className="flex max-h-96 flex-col gap-2 overflow-y-auto">
      {by_camera.map(({ id, name, reads }) => (
        <li key={id}>
          <span className="flex justify-between gap-3">
            <span className="truncate">{name}</span>
            <span className="tabular-nums">{reads.toLocaleString("pt-BR")}</span>
          </span>
          <span
            aria-hidden
            className="block h-2 rounded-sm bg-accent"
            style={{ width: `${(reads / most) * 100}%` }}
          />
        </li>
      ))}
    </ul>
  );
}

export function TopPlates({ found: { top_plates } }: Props) {
  return (
    <Plates>
      {top_plates.map(({ plate, reads, cameras }) => (
        <PlateLine key={plate} plate={plate}>
          {reads.toLocaleString("pt-BR")} leituras em {cameras}{" "}
          {cameras === 1 ? "câmera" : "câmeras"}
        </PlateLine>
      ))}
    </Plates>
  );
}

export function FirstSeen({ found: { first_seen }, timeZone }: Props & { timeZone: string }) {
  if (first_seen.length === 0) {
    return <p className="text-ink-soft">Todas as placas do período já eram conhecidas.</p>;
  }
  return (
    <Plates>
      {first_seen.map(({ plate, at }) => (
        <PlateLine key={plate} plate={plate}>
          {formatDateTime(at, timeZone)}
        </PlateLine>
      ))}
    </Plates>
  );
}

function Plates({ children }: { children: ReactNode }) {
  return <ol className="max-h-96 divide-y divide-line overflow-y-auto">{children}</ol>;
}

function PlateLine({ plate, children }: { plate: string; children: ReactNode }) {
  return (
    <li className="flex items-center justify-between gap-3 py-1.5">
      <Link to="/veiculos/$placa" params={{ placa: plate }}>
        <PlateBadge plate={plate} />
      </Link>
      <span className="text-right text-ink-soft tabular-nums">{children}</span>
    </li>
  );
}
