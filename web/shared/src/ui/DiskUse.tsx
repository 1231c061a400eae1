// How full a box's disk is.
import { clsx } from "clsx";

interface Props {
  freeBytes: number | null | undefined;
  totalBytes: number | null | undefined;
}

const GB = 1e9;
/** Recordings fill the disk by design, down to a floor; below this even that floor is near. */
const LOW_FRACTION = 0.05;

export function DiskUse({ freeBytes, totalBytes }: Props) {
  if (typeof freeBytes !== "number" || !totalBytes) return <span>—</span>;
  const free = freeBytes / totalBytes;
  const low = free < LOW_FRACTION;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="h-1.5 w-16 overflow-hidden rounded-full bg-line">
        <span
          className={clsx("block h-full rounded-full", low ? "bg-bad" : "bg-accent-deep")}
          style={{ width: `${(1 - free) * 100}%` }}
        />
      </span>
      <span className={clsx("tabular-nums", low && "text-bad")}>
        {gigabytes(freeBytes)} GB livres
      </span>
    </span>
  );
}

function gigabytes(bytes: number): string {
  return (bytes / GB).toLocaleString("pt-BR", { maximumFractionDigits: bytes < 10 * GB ? 1 : 0 });
}
