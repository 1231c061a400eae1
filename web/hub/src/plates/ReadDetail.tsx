// A read in full: the picture large, every field that a camera told, and where to go from here.
import { PlateBadge, PlateImage } from "@gtvision/shared/plates";
import { Button } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { Play, Route, Users, ZoomIn } from "lucide-react";
import type { PlateReadDetail } from "../api/types";
import { TOGETHER, TOGETHER_HASH } from "../vehicle/search";
import { clockFacts, imageFacts, passageFacts, readingFacts, vehicleFacts } from "./readFacts";
import { FactList } from "./FactList";

interface Props {
  read: PlateReadDetail;
  imageUrl: string | null;
  timeZone: string;
  onRecording: () => void;
}

const LINK =
  "inline-flex h-9 items-center justify-center gap-1.5 rounded-md border border-line bg-raised px-3 font-medium whitespace-nowrap hover:border-line-strong";

export function ReadDetail({ read, imageUrl, timeZone, onRecording }: Props) {
  return (
    <div className="flex min-h-0 flex-col overflow-y-auto lg:flex-row">
      <div className="flex min-w-0 flex-1 flex-col">
        <PlateImage
          read={{ ...read, image_url: imageUrl }}
          whole
          className="aspect-video w-full lg:min-h-0 lg:flex-1"
        />
        <div className="flex flex-wrap gap-2 border-t border-line p-3">
          <Button
            variant="primary"
            data-testid="read-recording"
            className="h-9"
            onClick={onRecording}
          >
            <Play aria-hidden className="size-4" />
            Ver a gravação
          </Button>
          <Link to="/veiculos/$placa" params={{ placa: read.plate }} className={LINK}>
            <Route aria-hidden className="size-4" />
            Trajeto do veículo
          </Link>
          <Link
            to="/veiculos/$placa"
            params={{ placa: read.plate }}
            search={TOGETHER}
            hash={TOGETHER_HASH}
            className={LINK}
          >
            <Users aria-hidden className="size-4" />
            Placas que andam junto
          </Link>
          {imageUrl && (
            <a href={imageUrl} target="_blank" rel="noreferrer" className={`${LINK} lg:ml-auto`}>
              <ZoomIn aria-hidden className="size-4" />
              Imagem inteira
            </a>
          )}
        </div>
      </div>
      <aside
        aria-label="Dados da leitura"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
        tabIndex={0}
        className="flex shrink-0 flex-col gap-4 border-t border-line p-4 lg:w-96 lg:overflow-y-auto lg:border-t-0 lg:border-l"
      >
        <div className="flex justify-center">
          <PlateBadge plate={read.plate} size="lg" />
        </div>
        <FactList title="Passagem" facts={passageFacts(read, timeZone)} />
        <FactList title="Leitura" facts={readingFacts(read)} />
        <FactList title="Veículo" facts={vehicleFacts(read)} />
        <FactList title="Relógios" facts={clockFacts(read, timeZone)} />
        <FactList title="Imagem" facts={imageFacts(read)} />
      </aside>
    </div>
  );
}
