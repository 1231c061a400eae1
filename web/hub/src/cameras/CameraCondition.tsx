// A camera's state, and in words why it is not recorded or what is wrong while it is.
import { Badge, cameraState } from "@gtvision/shared/ui";
import type { Camera } from "../api/types";

export function CameraCondition({ camera: { state, reason } }: { camera: Camera }) {
  const { tone, label } = cameraState(state);
  return (
    <div className="flex flex-col items-start gap-1">
      <Badge tone={tone}>{label}</Badge>
      {reason && <span className="max-w-72 text-xs text-ink-soft">{reason}</span>}
    </div>
  );
}
