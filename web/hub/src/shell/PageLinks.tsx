// The way to the pages that the person may open, and how many alerts wait.
import { Link } from "@tanstack/react-router";
import { useAlerts } from "../alerts/AlertsProvider";
import type { User } from "../api/types";
import { OverdueRequests } from "../privacy/OverdueRequests";
import { entriesFor } from "./navigation";

export function PageLinks({ role }: { role: User["role"] }) {
  const { permitted, waiting } = useAlerts();
  return (
    <nav
      aria-label="Páginas"
      className="order-last flex w-full gap-1 overflow-x-auto lg:order-none lg:mt-2 lg:flex-1 lg:flex-col"
    >
      {entriesFor(role, permitted).map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className="flex items-center gap-2.5 rounded-md px-2.5 py-2 font-medium whitespace-nowrap text-ink-soft -outline-offset-2 hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-deep/20 aria-[current=page]:text-white"
        >
          <Icon aria-hidden className="size-[18px] shrink-0" strokeWidth={1.75} />
          {label}
          {to === "/alertas" && waiting.length > 0 && (
            <span className="ml-auto rounded-full bg-alarm px-1.5 text-xs font-bold text-white">
              {waiting.length}
              <span className="sr-only"> por ver</span>
            </span>
          )}
          {to === "/privacidade" && <OverdueRequests role={role} />}
        </Link>
      ))}
    </nav>
  );
}
