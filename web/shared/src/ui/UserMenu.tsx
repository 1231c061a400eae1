// Who is signed in, and the way out.
import * as Menu from "@radix-ui/react-dropdown-menu";
import { clsx } from "clsx";
import { ChevronDown, CircleUserRound, KeyRound, LogOut } from "lucide-react";
import { ROLES } from "./roles";

const ITEM =
  "flex cursor-pointer items-center gap-2 rounded px-2.5 py-1.5 text-sm outline-none data-highlighted:bg-accent-deep data-highlighted:text-white";

interface Props {
  name: string;
  role: string;
  onSignOut: () => void;
  /** Opens the person's own account, where there is such a page. */
  onAccount?: () => void;
  /** On a phone only the icon is shown. */
  compact?: boolean;
}

export function UserMenu({ name, role, onSignOut, onAccount, compact = false }: Props) {
  return (
    // Not modal: a modal menu injects a <style> element, which a strict content security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="flex w-full min-w-0 items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-raised">
        <CircleUserRound aria-hidden className="size-6 shrink-0 text-ink-soft" strokeWidth={1.5} />
        <span className={clsx("min-w-0 flex-1 leading-tight", compact && "max-sm:sr-only")}>
          <span className="block truncate text-sm font-medium">{name}</span>
          <span className="block truncate text-xs text-ink-muted">{ROLES[role] ?? role}</span>
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-muted" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 rounded-md border border-line bg-raised p-1 shadow-xl shadow-black/50"
        >
          {onAccount && (
            <Menu.Item onSelect={onAccount} className={ITEM}>
              <KeyRound aria-hidden className="size-4" />
              Minha conta
            </Menu.Item>
          )}
          <Menu.Item onSelect={onSignOut} className={ITEM}>
            <LogOut aria-hidden className="size-4" />
            Sair
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
