// What a list shows when it has nothing to list: loading, empty, or an error.
import { RotateCw, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { ApiProblem } from "../api";
import { Button } from "./Button";
import { Spinner } from "./Spinner";

export function LoadingState({ text = "Carregando…" }: { text?: string }) {
  return (
    <div role="status" className="flex items-center justify-center gap-3 p-12 text-ink-soft">
      <Spinner className="size-5" />
      {text}
    </div>
  );
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 p-12 text-center">
      <Icon aria-hidden className="size-10 text-ink-muted" strokeWidth={1.25} />
      <p className="text-base font-semibold">{title}</p>
      {children && <div className="max-w-md text-ink-soft">{children}</div>}
    </div>
  );
}

interface ErrorProps {
  error: unknown;
  onRetry?: () => void;
}

export function ErrorState({ error, onRetry }: ErrorProps) {
  const problem = ApiProblem.from(error);
  return (
    <div role="alert" className="flex flex-col items-center gap-2 p-12 text-center">
      <TriangleAlert aria-hidden className="size-9 text-warn" strokeWidth={1.5} />
      <p className="text-base font-semibold">{problem.title}</p>
      <p className="max-w-md text-ink-soft">{problem.detail}</p>
      {onRetry && (
        <Button onClick={onRetry} className="mt-2">
          <RotateCw aria-hidden className="size-4" />
          Tentar de novo
        </Button>
      )}
    </div>
  );
}
