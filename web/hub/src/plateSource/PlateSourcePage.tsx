// How a camera's plates reach its box: what is typed into the camera, what the hub knows, how it goes.
import { ErrorState, LoadingState } from "@gtvision/shared/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import type { Camera, PlateSource } from "../api/types";
import { useCameras } from "../cameras/useCameras";
import { useTimeZones } from "../cities/useCities";
import { PageHeader } from "../shell/PageHeader";
import { CameraMenu } from "./CameraMenu";
import { Feed } from "./Feed";
import { SourceForm } from "./SourceForm";
import { Token } from "./Token";
import { useSource } from "./useSource";

const route = getRouteApi("/shell/cameras/$camera/placas");

export function PlateSourcePage() {
  const { camera: id } = route.useParams();
  const { data: source, error, refetch } = useSource(id);
  const camera = useCameras().data?.find((one) => one.id === id);

  return (
    <>
      <PageHeader
        title={camera ? `Placas de ${camera.name}` : "Placas da câmera"}
        description={camera ? camera.city.name : "Como as leituras chegam à caixa"}
      >
        <Link
          to="/cameras"
          className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-raised px-3 font-medium hover:border-line-strong"
        >
          <ArrowLeft aria-hidden className="size-4" />
          Câmeras
        </Link>
      </PageHeader>
      {source ? (
        <Source key={id} id={id} source={source} camera={camera} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <LoadingState />
      )}
    </>
  );
}

interface SourceProps {
  id: string;
  source: PlateSource;
  camera: Camera | undefined;
}

function Source({ id, source, camera }: SourceProps) {
  const timeZone = useTimeZones()(camera?.city.code);
  const { refetch } = useSource(id);
  // Of the state that is edited: one's own token changes the camera, too, and is no reason to refuse the edit.
  const [etag, setEtag] = useState(source.etag);
  return (
    <div className="flex flex-col gap-4">
      <Feed reported={source.reported} node={camera?.node ?? null} timeZone={timeZone} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <SourceForm
          cameraId={id}
          source={source}
          etag={etag}
          onSaved={(changed) => setEtag(changed.etag)}
        />
        <div className="flex min-w-0 flex-col gap-4">
          <CameraMenu
            cameraId={id}
            vendor={source.vendor}
            username={source.digest_username}
            pulled={source.pull !== ""}
            addresses={source.reported?.addresses ?? []}
          />
          <Token
            cameraId={id}
            isSet={source.token_set}
            onChanged={() => void refetch().then(({ data }) => data && setEtag(data.etag))}
          />
        </div>
      </div>
    </div>
  );
}
