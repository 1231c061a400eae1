// A read as it is shown to people whose city hides whole plates from them: when and where, and why no more.
import { PlateBadge } from "@gtvision/shared/plates";
import { Button } from "@gtvision/shared/ui";
import { EyeOff, Play } from "lucide-react";
import type { PlateRead } from "../api/types";
import { passageFacts } from "./readFacts";
import { FactList } from "./FactList";

interface Props {
  read: PlateRead;
  timeZone: string;
  onRecording: () => void;
}

export function MaskedRead({ read, timeZone, onRecording }: Props) {
  return (
    <div className="mx-auto flex w-full max-w-lg flex-col gap-4 overflow-y-auto p-4">
      <div className="flex justify-center">
        <PlateBadge plate={read.plate} size="lg" />
      </div>
      <p className="flex items-start gap-2 rounded-md border border-line bg-raised p-3 text-ink-soft">
        <EyeOff aria-hidden className="mt-0.5 size-4 shrink-0" />
        Sua prefeitura não permite que visualizadores vejam placas inteiras: a imagem e o trajeto
        ficam com o gestor.
      </p>
      <FactList title="Passagem" facts={passageFacts(read, timeZone)} />
      <Button variant="primary" className="h-9 self-start" onClick={onRecording}>
        <Play aria-hidden className="size-4" />
        Ver a gravação
      </Button>
    </div>
  );
}
