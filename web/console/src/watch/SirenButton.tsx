// Whether the console's alerts are heard, always on screen; a click silences them or lets them ring again.
import { Button } from "@gtvision/shared/ui";
import { clsx } from "clsx";
import { Bell, BellOff, BellRing, type LucideIcon } from "lucide-react";
import { useRef } from "react";
import type { SirenState } from "./Siren";

interface Look {
  icon: LucideIcon;
  text: string;
  hint: string;
}

const LOOKS: Record<SirenState, Look> = {
  ready: { icon: Bell, text: "Som ligado", hint: "Silenciar os alertas de placas" },
  muted: {
    icon: BellOff,
    text: "Alertas sem som",
    hint: "Ligar o som dos alertas de placas",
  },
  blocked: {
    icon: BellRing,
    text: "Ativar som",
    hint: "O navegador só toca os alertas depois de um clique na página",
  },
};

interface Props {
  state: SirenState;
  onMute: (muted: boolean) => void;
}

export function SirenButton({ state, onMute }: Props) {
  const { icon: Icon, text, hint } = LOOKS[state];
  // The press itself lifts what the browser blocks, before it has become a click.
  const pressedIn = useRef(state);
  const press = () => {
    pressedIn.current = state;
  };
  return (
    <Button
      variant="quiet"
      title={hint}
      aria-label={`${text}. ${hint}`}
      data-testid="siren"
      data-state={state}
      className={clsx(state !== "ready" && "text-warn enabled:hover:text-warn")}
      onPointerDown={press}
      onKeyDown={press}
      onClick={() => pressedIn.current !== "blocked" && onMute(pressedIn.current === "ready")}
    >
      <Icon aria-hidden className="size-4" />
      <span className={clsx(state === "ready" && "sr-only", "max-sm:hidden")}>{text}</span>
    </Button>
  );
}
