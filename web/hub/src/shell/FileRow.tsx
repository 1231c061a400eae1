// A file that the hub makes for a person: what it is of, how far it is, and what can be done with it.
import { Badge, type Tone } from "@gtvision/shared/ui";
import type { ReactNode } from "react";

interface Props {
  title: string;
  facts: readonly (string | null | false)[];
  state: readonly [tone: Tone, label: string];
  /** 0 to 1; null: on its way, nobody knows how far; undefined: not on its way. */
  progress?: number | null;
  error: string;
  /** Buttons. */
  children: ReactNode;
}

export function FileRow({ title, facts, state: [tone, label], progress, error, children }: Props) {
  return (
    <li
      data-testid="file-row"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-b-0"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">{title}</p>
        {facts.filter(Boolean).map((fact) => (
          <p key={String(fact)} className="text-xs break-words text-ink-soft tabular-nums">
            {fact}
          </p>
        ))}
        {progress !== undefined && (
          <progress
            aria-label={`Andamento: ${title}`}
            value={progress ?? undefined}
            className="mt-1.5 h-1.5 w-full accent-accent"
          />
        )}
        {error && <p className="text-xs text-bad">{error}</p>}
      </div>
      <span role="status">
        <Badge tone={tone}>{label}</Badge>
      </span>
      <span className="flex gap-1">{children}</span>
    </li>
  );
}
