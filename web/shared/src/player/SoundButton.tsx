// Turns a picture's sound on and off.
import { Volume2, VolumeX } from "lucide-react";
import { IconButton } from "../ui";

interface Props {
  muted: boolean;
  onMute: (muted: boolean) => void;
}

export function SoundButton({ muted, onMute }: Props) {
  const Icon = muted ? VolumeX : Volume2;
  return (
    <IconButton label={muted ? "Ligar o som" : "Desligar o som"} onClick={() => onMute(!muted)}>
      <Icon aria-hidden className="size-4" />
    </IconButton>
  );
}
