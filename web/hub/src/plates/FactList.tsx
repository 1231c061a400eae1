// Facts of a read under a heading; those to be doubted stand out, and not by colour alone.
import { clsx } from "clsx";
import { TriangleAlert } from "lucide-react";
import type { Fact } from "./readFacts";

export function FactList({ title, facts }: { title: string; facts: readonly Fact[] }) {
  return (
    <section>
      <h3 className="mb-1 text-xs font-semibold tracking-wide text-ink-muted uppercase">{title}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {facts.map(({ name, value, doubtful }) => (
          <div key={name} className="contents">
            <dt className="text-ink-muted">{name}</dt>
            <dd
              className={clsx(
                "min-w-0 text-right break-words tabular-nums",
                doubtful ? "font-semibold text-warn" : "font-medium",
              )}
            >
              {doubtful && <TriangleAlert aria-hidden className="mr-1 inline size-4" />}
              {value}
              {doubtful && <span className="sr-only"> (confira)</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
