// From an alert to its read, and to where the vehicle went.
import { formatPlate } from "@gtvision/shared/plates";
import { Link } from "@tanstack/react-router";
import { Route, ScanText } from "lucide-react";
import type { WatchlistHit } from "../api/types";
import { openRead } from "../plates/openRead";

interface Props {
  hit: WatchlistHit;
  onFollow?: () => void;
}

const LINK =
  "inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-3 font-medium whitespace-nowrap hover:border-line-strong";

export function HitLinks({ hit, onFollow }: Props) {
  const { read, plate } = hit;
  return (
    <>
      {read && (
        <Link
          to="/alertas"
          search={openRead(read)}
          resetScroll={false}
          onClick={onFollow}
          aria-label={`Ver leitura da placa ${formatPlate(plate)}`}
          className={LINK}
        >
          <ScanText aria-hidden className="size-4" />
          Ver leitura
        </Link>
      )}
      <Link
        to="/veiculos/$placa"
        params={{ placa: plate }}
        onClick={onFollow}
        aria-label={`Trajeto da placa ${formatPlate(plate)}`}
        className={LINK}
      >
        <Route aria-hidden className="size-4" />
        Trajeto
      </Link>
    </>
  );
}
