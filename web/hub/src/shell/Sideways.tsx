// What is wider than a narrow screen scrolls in its own box, by finger, wheel and keyboard.
import type { ReactNode } from "react";

export function Sideways({ label, children }: { label: string; children: ReactNode }) {
  return (
    // Without the focus the arrow keys would have nothing to scroll.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="group" aria-label={label} tabIndex={0} className="overflow-x-auto">
      {children}
    </div>
  );
}
