// What surrounds every page: brand, city, navigation and the person signed in.
import { Brand, UserMenu } from "@gtvision/shared/ui";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { session } from "../api/client";
import { useUser } from "../auth/useUser";
import { entriesFor } from "./navigation";

export function Shell() {
  const user = useUser();
  const navigate = useNavigate();
  // Signed out: the router is already on its way to the entrance.
  if (!user) return null;
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <a
        href="#conteudo"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-accent-deep focus:px-3 focus:py-2"
      >
        Ir para o conteúdo
      </a>
      <div className="sticky top-0 z-30 flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-panel px-3 py-2 lg:h-dvh lg:w-56 lg:shrink-0 lg:flex-col lg:flex-nowrap lg:items-stretch lg:border-r lg:border-b-0 lg:py-4">
        <div className="px-1">
          <Brand />
          <p className="hidden pt-2 text-xs text-ink-muted lg:block">Prefeitura</p>
          <p className="hidden truncate text-sm font-medium text-ink-soft lg:block">
            {user.city?.name ?? "Todas as prefeituras"}
          </p>
        </div>
        <nav
          aria-label="Páginas"
          className="order-last flex w-full gap-1 overflow-x-auto lg:order-none lg:mt-2 lg:flex-1 lg:flex-col"
        >
          {entriesFor(user.role).map(({ to, label, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              className="flex items-center gap-2.5 rounded-md px-2.5 py-2 font-medium text-ink-soft -outline-offset-2 hover:bg-raised hover:text-ink aria-[current=page]:bg-accent-deep/20 aria-[current=page]:text-white"
            >
              <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
              {label}
            </Link>
          ))}
        </nav>
        <div className="ml-auto lg:ml-0 lg:border-t lg:border-line lg:pt-3">
          <UserMenu
            name={user.name || user.username}
            role={user.role}
            onAccount={() => void navigate({ to: "/conta" })}
            onSignOut={() => void session.logout().catch(() => undefined)}
          />
        </div>
      </div>
      <main id="conteudo" className="mx-auto w-full max-w-[1400px] min-w-0 flex-1 p-4 lg:p-6">
        <Outlet />
      </main>
    </div>
  );
}
