// The product's mark and name.
import { clsx } from "clsx";

export function Brand({ large = false }: { large?: boolean }) {
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 32 32" aria-hidden className={large ? "size-10" : "size-7"}>
        <rect width="32" height="32" rx="7" className="fill-accent-deep" />
        <circle cx="16" cy="16" r="8.5" className="fill-none stroke-white" strokeWidth="2.5" />
        <circle cx="16" cy="16" r="3.5" className="fill-white" />
      </svg>
      <span
        className={clsx(
          "font-semibold tracking-tight whitespace-nowrap",
          large ? "text-2xl" : "text-base",
        )}
      >
        GT-Vision
      </span>
    </span>
  );
}
