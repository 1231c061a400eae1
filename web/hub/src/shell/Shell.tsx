// What surrounds every page: brand, city, navigation, the person signed in, and the alarm.
import { Brand, UserMenu } from "@gtvision/shared/ui";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { WifiOff } from "lucide-react";
import { AlertsProvider, useAlerts } from "../alerts/AlertsProvider";
import { Alarm } from "../alerts/Alarm";
import { SoundSwitch } from "../alerts/SoundSwitch";
import { session } from "../api/client";
import type { User } from "../api/types";
import { useUser } from "../auth/useUser";
import { PageLinks } from "./PageLinks";

export function Shell() {
  const user = useUser();
  // Signed out: the router is already on its way to the entrance.
  if (!user) return null;
  return (
    <AlertsProvider key={user.id} user={user}>
      <Frame user={user} />
      <Alarm />
    </AlertsProvider>
  );
}

function Frame({ user }: { user: User }) {
  const navigate = useNavigate();
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <a
        href="#conteudo"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-accent-deep focus:px-3 focus:py-2"
      >
        Ir para o conteúdo
      </a>
      <header className="sticky top-0 z-30 flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-panel px-3 py-2 lg:h-dvh lg:w-56 lg:shrink-0 lg:flex-col lg:flex-nowrap lg:items-stretch lg:border-r lg:border-b-0 lg:py-4">
        <div className="px-1">
          <Brand />
          <p className="hidden pt-2 text-xs text-ink-muted lg:block">Prefeitura</p>
          <p className="hidden truncate text-sm font-medium text-ink-soft lg:block">
            {user.city?.name ?? "Todas as prefeituras"}
          </p>
        </div>
        <PageLinks role={user.role} />
        <div className="ml-auto flex items-center gap-1 lg:ml-0 lg:flex-col lg:items-stretch lg:border-t lg:border-line lg:pt-3">
          <SoundSwitch />
          <UserMenu
            name={user.name || user.username}
            role={user.role}
            onAccount={() => void navigate({ to: "/conta" })}
            compact
            onSignOut={() => void session.logout().catch(() => undefined)}
          />
        </div>
      </header>
      <main id="conteudo" className="mx-auto w-full max-w-[1400px] min-w-0 flex-1 p-4 lg:p-6">
        <Offline />
        <Outlet />
      </main>
    </div>
  );
}

function Offline() {
  const { feed } = useAlerts();
  return (
    <div role="status" className="empty:hidden">
      {feed === "away" && (
        <p className="mb-4 flex items-center gap-2 rounded-md border border-warn/60 bg-panel px-3 py-2 text-warn">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          Sem conexão com a central. Alertas novos podem demorar; a página volta sozinha.
        </p>
      )}
    </div>
  );
}
