// A page's title, and at its right what belongs to the whole page.
import type { ReactNode } from "react";

interface Props {
  title: string;
  description: string;
  children?: ReactNode;
}

export function PageHeader({ title, description, children }: Props) {
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="mr-auto">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <p className="text-ink-muted">{description}</p>
      </div>
      {children}
    </header>
  );
}
