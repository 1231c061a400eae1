// Watched plates that nobody acknowledged yet, above everything else on the page, dialogs included.
import { ApiProblem } from "@gtvision/shared/api";
import { Button } from "@gtvision/shared/ui";
import { useEffect, useRef } from "react";
import type { OpenWatchHits, PlateRead } from "../api/types";
import { useBoxNow, useTimeZone } from "../box/queries";
import { HitCard } from "./HitCard";
import { useAcknowledge } from "./queries";
import { useAlertsInTitle } from "./useAlertsInTitle";
import { useRoomForAlerts } from "./useRoomForAlerts";

/** Goes to the newest alert, from wherever the focus is. */
const KEY = "a";

interface Props {
  hits: OpenWatchHits | undefined;
  onOpen: (read: PlateRead) => void;
}

export function WatchAlerts({ hits, onOpen }: Props) {
  const section = useRef<HTMLElement>(null);
  const nowUtc = useBoxNow();
  const timeZone = useTimeZone();
  const acknowledging = useAcknowledge();
  const shown = hits?.results ?? [];
  const count = hits?.open ?? 0;
  useAlertsInTitle(count);
  useRoomForAlerts(section);
  useEffect(() => onKey(() => focusFirst(section.current)), []);
  // Who acknowledged one goes on with the next: its button takes the focus of the one that left.
  const goesOn = useRef(false);
  const first = shown[0]?.read.id;
  useEffect(() => {
    if (goesOn.current) focusFirst(section.current);
    goesOn.current = false;
  }, [first, count]);

  function acknowledge(reads: string[]) {
    goesOn.current = true;
    acknowledging.mutate(reads);
  }
  return (
    <section
      ref={section}
      aria-label="Alertas da lista de placas"
      // Named as a live region so that an open dialog leaves it to screen readers; the cards speak.
      aria-live="off"
      data-above-dialogs
      className="pointer-events-auto relative z-50 flex max-h-[45dvh] shrink-0 flex-col overflow-y-auto bg-canvas"
    >
      {count > 0 && (
        <div className="flex flex-col gap-2 border-b border-line p-2">
          {count > 1 && (
            <div className="flex items-center gap-3">
              <p className="flex-1 font-semibold">{countLabel(count, shown.length)}</p>
              <Button
                onClick={() =>
                  confirm(
                    `Reconhecer os ${shown.length} alertas mostrados? Isto fica registrado.`,
                  ) && acknowledge(shown.map(({ read }) => read.id))
                }
              >
                Reconhecer todos
              </Button>
            </div>
          )}
          {acknowledging.isError && (
            <p role="alert" className="font-semibold text-bad">
              O alerta não foi reconhecido: {ApiProblem.from(acknowledging.error).detail}
            </p>
          )}
          <div className="grid gap-2 sm:grid-cols-[repeat(auto-fill,minmax(24rem,1fr))]">
            {shown.map((hit) => (
              <HitCard
                key={hit.read.id}
                hit={hit}
                timeZone={timeZone}
                nowUtc={nowUtc}
                onAcknowledge={() => acknowledge([hit.read.id])}
                onOpen={() => onOpen(hit.read)}
              />
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

function countLabel(count: number, shown: number): string {
  const all = `${count} alertas sem reconhecimento`;
  return count > shown ? `${all}; os ${shown} mais novos:` : all;
}

function focusFirst(section: HTMLElement | null): void {
  section?.querySelector<HTMLElement>("[data-acknowledge]")?.focus();
}

function onKey(act: () => void): () => void {
  function pressed({ key, target, altKey, ctrlKey, metaKey }: KeyboardEvent) {
    const typing = target instanceof Element && target.closest("input, textarea, select");
    if (key.toLowerCase() === KEY && !typing && !altKey && !ctrlKey && !metaKey) act();
  }
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
