// A titled box of the account page.
import type { ReactNode } from "react";

interface Props {
  title: string;
  className?: string;
  children: ReactNode;
}

export function Section({ title, className = "", children }: Props) {
  return (
    <section
      aria-label={title}
      className={`flex flex-col gap-3 rounded-lg border border-line bg-panel p-4 ${className}`}
    >
      <h2 className="text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}
