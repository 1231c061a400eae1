// One camera live: picture, name, state, and how good and how old the picture is. It comes back by itself.
import { unwrap } from "@gtvision/shared/api";
import { type LiveState, useLivePlayer } from "@gtvision/shared/live";
import { SoundButton } from "@gtvision/shared/player";
import { Badge, Spinner } from "@gtvision/shared/ui";
import { VideoOff } from "lucide-react";
import { useCallback, useState } from "react";
import { api } from "../api/client";
import type { Camera } from "../api/types";
import { LiveQuality } from "./LiveQuality";
import { shownState } from "./shownState";
import { type Variant, VariantSwitch } from "./VariantSwitch";

interface Props {
  camera: Camera;
  /** "sub" where the picture is small. */
  variant: Variant;
  /** Lets the person choose the variant, where the camera has several. */
  onVariant?: (variant: Variant) => void;
}

export function LiveVideo({ camera, variant, onVariant }: Props) {
  const offline = camera.state === "offline";
  const ask = useCallback(
    () =>
      unwrap(
        api.GET("/api/cameras/{camera_id}/live", { params: { path: { camera_id: camera.id } } }),
      ),
    [camera.id],
  );
  const { state, videoRef } = useLivePlayer(offline ? null : ask, variant);
  const [muted, setMuted] = useState(true);
  const playing = state.phase === "webrtc" || state.phase === "hls";
  const { tone, label } = shownState(camera);
  return (
    <span className="flex size-full flex-col bg-panel">
      <span className="relative min-h-0 flex-1 overflow-hidden bg-black">
        {/* eslint-disable-next-line jsx-a11y/media-has-caption -- cameras send none */}
        <video
          ref={videoRef}
          data-testid="live-video"
          aria-label={`Ao vivo: ${camera.name}`}
          className="absolute inset-0 size-full object-contain"
          muted={muted}
          playsInline
        />
        {!playing && <Cover camera={camera} state={state} />}
      </span>
      {/* Below the picture, because cameras burn their own name and clock into its corners. */}
      <span className="flex h-8 shrink-0 items-center gap-3 border-t border-line px-2">
        <span className="min-w-0 flex-1 truncate font-medium">{camera.name}</span>
        {playing && <LiveQuality state={state} />}
        {onVariant && camera.audio_codec && <SoundButton muted={muted} onMute={setMuted} />}
        {onVariant && state.variants.length > 1 && (
          <VariantSwitch variant={variant} onChange={onVariant} />
        )}
        <Badge tone={tone}>{label}</Badge>
      </span>
    </span>
  );
}

interface CoverProps {
  camera: Camera;
  state: LiveState;
}

/** In place of the picture while there is none. */
function Cover({ camera, state }: CoverProps) {
  if (camera.state === "offline") return <Offline camera={camera} />;
  if (state.failure) {
    return <NoPicture title={state.failure.title} detail={state.failure.detail} />;
  }
  return (
    <span className="absolute inset-0 flex items-center justify-center gap-3 bg-canvas/70 text-ink-soft">
      <Spinner className="size-5" />
      Aguardando imagem…
    </span>
  );
}

function Offline({ camera: { fault, reason } }: { camera: Camera }) {
  // The reason says all: the signal may be well.
  if (fault === "disk") return <NoPicture title={reason} detail="" />;
  return <NoPicture title="Sem sinal da câmera" detail={reason} />;
}

function NoPicture({ title, detail }: { title: string; detail: string }) {
  return (
    <span className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-canvas/90 p-4 text-center">
      <VideoOff aria-hidden className="size-9 text-bad" strokeWidth={1.5} />
      <span className="font-semibold">{title}</span>
      {detail && <span className="text-sm text-ink-soft">{detail}</span>}
    </span>
  );
}
