// The alerts that wait, over every page and every dialog.
import { Button } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { createPortal } from "react-dom";
import { useAlerts } from "./AlertsProvider";
import { HitCard } from "./HitCard";

/** More would hide the page: the rest is counted. */
const SHOWN = 2;

export function Alarm() {
  const { waiting, close, closeAll } = useAlerts();
  const more = waiting.length - SHOWN;
  // Beside the page: an open dialog hides and stops what is inside it, but for what is announced.
  return createPortal(
    <section
      aria-live="assertive"
      aria-label="Alertas de placas monitoradas"
      className="pointer-events-auto fixed inset-x-2 bottom-2 z-[60] flex max-h-[85dvh] flex-col gap-3 overflow-y-auto empty:hidden sm:inset-x-auto sm:top-4 sm:right-4 sm:bottom-auto sm:w-[29rem] sm:p-1.5"
    >
      {waiting.slice(0, SHOWN).map((hit) => (
        <HitCard key={hit.id} hit={hit} onClose={close} />
      ))}
      {waiting.length > 1 && (
        <div className="flex flex-wrap items-center gap-2 rounded-lg border border-alarm bg-panel p-2">
          {more > 0 && (
            <Link to="/alertas" className="px-1 font-semibold text-ink underline">
              {more === 1 ? "Mais 1 alerta" : `Mais ${more} alertas`}
            </Link>
          )}
          <Button className="ml-auto" onClick={closeAll}>
            Marcar todos como vistos
          </Button>
        </div>
      )}
    </section>,
    document.body,
  );
}
