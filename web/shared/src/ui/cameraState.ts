// A camera's state, in the words and colours of both apps.
import type { Tone } from "./Badge";

interface Shown {
  tone: Tone;
  label: string;
}

const STATES: Record<string, Shown> = {
  online: { tone: "ok", label: "Ao vivo" },
  connecting: { tone: "warn", label: "Conectando" },
  offline: { tone: "bad", label: "Sem sinal" },
};

export function cameraState(state: string | null | undefined): Shown {
  return STATES[state ?? ""] ?? { tone: "idle", label: "Sem notícias" };
}
