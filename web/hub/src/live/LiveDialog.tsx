// One camera live, large.
import { Button, Modal } from "@gtvision/shared/ui";
import { History } from "lucide-react";
import type { Camera } from "../api/types";
import { LiveVideo } from "./LiveVideo";
import { QualitySwitch } from "./QualitySwitch";
import type { Best } from "./LiveSession";

interface Props {
  camera: Camera;
  quality: Best;
  onQuality: (quality: Best) => void;
  onRecording: () => void;
  onClose: () => void;
}

export function LiveDialog({ camera, quality, onQuality, onRecording, onClose }: Props) {
  return (
    <Modal
      title={`Ao vivo: ${camera.name}`}
      description={camera.city.name}
      onClose={onClose}
      className="max-w-[1240px]"
    >
      <div className="aspect-video max-h-[80vh] min-h-64 w-full">
        <LiveVideo camera={camera} quality={quality}>
          {camera.sub_stream && <QualitySwitch quality={quality} onChange={onQuality} />}
          <Button onClick={onRecording}>
            <History aria-hidden className="size-4" />
            Ver gravação
          </Button>
        </LiveVideo>
      </div>
    </Modal>
  );
}
