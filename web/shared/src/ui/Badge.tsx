// A state in one word, with a dot: colour is never the only sign.
import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Tone = "ok" | "warn" | "bad" | "idle";

const DOTS: Record<Tone, string> = {
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
  idle: "bg-ink-muted",
};

const TEXTS: Record<Tone, string> = {
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  idle: "text-ink-soft",
};

interface Props {
  tone: Tone;
  children: ReactNode;
}

export function Badge({ tone, children }: Props) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1.5 rounded-full border border-line bg-raised px-2 py-0.5 text-xs font-medium whitespace-nowrap",
        TEXTS[tone],
      )}
    >
      <span aria-hidden className={clsx("size-1.5 rounded-full", DOTS[tone])} />
      {children}
    </span>
  );
}
