// Something is on its way.
import { clsx } from "clsx";
import { LoaderCircle } from "lucide-react";

export function Spinner({ className }: { className?: string }) {
  return (
    <LoaderCircle
      aria-hidden
      className={clsx("animate-spin text-ink-soft", className)}
      strokeWidth={1.75}
    />
  );
}
