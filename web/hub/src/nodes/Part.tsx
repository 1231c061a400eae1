// One part of a box's page.
import type { ReactNode } from "react";

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-panel">
      <h2 className="border-b border-line px-3 py-2 text-base font-semibold">{title}</h2>
      <div className="flex flex-col gap-3 p-3">{children}</div>
    </section>
  );
}
