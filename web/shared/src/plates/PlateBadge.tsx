// A number plate drawn like the one on the vehicle, so that it is found at a glance.
import { clsx } from "clsx";
import { formatPlate, plateFormat } from "./plate";

interface Props {
  plate: string;
  size?: "md" | "lg";
}

export function PlateBadge({ plate, size = "md" }: Props) {
  const mercosul = plateFormat(plate) === "mercosul";
  return (
    <span
      className={clsx(
        "inline-flex flex-col overflow-hidden rounded-[5px] text-center ring-1 select-text",
        mercosul ? "bg-white text-black ring-white/70" : "bg-[#c9ced4] text-black ring-white/50",
        size === "lg" ? "min-w-44" : "min-w-28",
      )}
    >
      {mercosul && (
        <span
          aria-hidden
          className={clsx(
            "bg-mercosul font-semibold tracking-[0.2em] text-white",
            size === "lg" ? "py-0.5 text-[9px]" : "py-px text-[7px] leading-[10px]",
          )}
        >
          BRASIL
        </span>
      )}
      <span
        className={clsx(
          "px-2 font-bold tracking-wider whitespace-nowrap tabular-nums",
          size === "lg" ? "py-1 text-2xl" : "py-0.5 text-base leading-6",
          !mercosul && (size === "lg" ? "py-2" : "py-[5.5px]"),
        )}
      >
        {formatPlate(plate)}
      </span>
    </span>
  );
}
