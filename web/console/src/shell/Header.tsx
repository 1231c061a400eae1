// The console's first line: where this is, whether alerts are heard, and the ways to everything else.
import { Brand, Button, IconButton, UserMenu } from "@gtvision/shared/ui";
import { Cctv, Keyboard, type LucideIcon, Scissors, Search } from "lucide-react";
import type { User } from "../api/types";
import { useBoxStatus } from "../box/queries";
import { SirenButton } from "../watch/SirenButton";
import type { Sound } from "../watch/useSiren";

interface Props {
  user: User;
  maySetUp: boolean;
  siren: Sound;
  onScreen: (screen: string) => void;
  onSignOut: () => void;
}

export function Header({ user, maySetUp, siren, onScreen, onSignOut }: Props) {
  return (
    <header className="flex items-center gap-4 border-b border-line bg-panel px-3 py-1.5 max-sm:gap-2">
      <h1>
        <Brand />
      </h1>
      <CityName />
      <div className="ml-auto flex shrink-0 items-center gap-2 max-sm:gap-0">
        <SirenButton state={siren.state} onMute={siren.setMuted} />
        <HeaderButton
          icon={Search}
          label="Procurar câmera"
          keys="/"
          onClick={() => onScreen("lista")}
        />
        {maySetUp && (
          <HeaderButton icon={Cctv} label="Câmeras" onClick={() => onScreen("cameras")} />
        )}
        <HeaderButton icon={Scissors} label="Recortes" onClick={() => onScreen("recortes")} />
        <span className="max-md:hidden">
          <IconButton label="Atalhos do teclado (?)" onClick={() => onScreen("atalhos")}>
            <Keyboard aria-hidden className="size-4" />
          </IconButton>
        </span>
        <UserMenu
          compact
          name={user.name || user.username}
          role={user.role}
          onSignOut={onSignOut}
        />
      </div>
    </header>
  );
}

interface HeaderButtonProps {
  icon: LucideIcon;
  label: string;
  /** The key that does the same. */
  keys?: string;
  onClick: () => void;
}

/** Its words leave room for the rest on a phone. */
function HeaderButton({ icon: Icon, label, keys, onClick }: HeaderButtonProps) {
  return (
    <Button variant="quiet" aria-label={label} title={label} onClick={onClick}>
      <Icon aria-hidden className="size-4" />
      <span className="max-lg:hidden">{label}</span>
      {keys && (
        <kbd aria-hidden className="rounded border border-line px-1.5 text-xs max-lg:hidden">
          {keys}
        </kbd>
      )}
    </Button>
  );
}

function CityName() {
  const status = useBoxStatus().data;
  return <p className="min-w-0 truncate text-ink-soft max-sm:text-sm">{status?.city_name}</p>;
}
