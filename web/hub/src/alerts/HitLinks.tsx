// From an alert to its recorded moment, and to where the vehicle went.
import { formatPlate } from "@gtvision/shared/plates";
import { Link } from "@tanstack/react-router";
import { Play, Route } from "lucide-react";
import type { WatchlistHit } from "../api/types";

interface Props {
  hit: WatchlistHit;
  onFollow?: () => void;
}

const LINK =
  "inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-3 font-medium whitespace-nowrap hover:border-line-strong";

export function HitLinks({ hit, onFollow }: Props) {
  const { read, plate, captured_at } = hit;
  return (
    <>
      {read && (
        <Link
          to="/"
          search={{ placa: plate, read: String(read.id), em: captured_at }}
          onClick={onFollow}
          aria-label={`Ver gravação da placa ${formatPlate(plate)}`}
          className={LINK}
        >
          <Play aria-hidden className="size-4" />
          Ver gravação
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
