// Whether alerts sound in this browser.
import { Button } from "@gtvision/shared/ui";
import { Volume2, VolumeX } from "lucide-react";
import { useAlerts } from "./AlertsProvider";

export function SoundSwitch() {
  const { sound } = useAlerts();
  const Icon = sound.on ? Volume2 : VolumeX;
  return (
    <Button
      variant="quiet"
      aria-pressed={sound.on}
      title={sound.on ? "Desligar o som dos alertas" : "Ligar o som dos alertas"}
      onClick={sound.toggle}
      className="lg:justify-start"
    >
      <Icon aria-hidden className="size-5" />
      <span className="max-lg:sr-only">Som dos alertas</span>
    </Button>
  );
}
