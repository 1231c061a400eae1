// Says in the video's place why there is no video, and offers another try.
import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "../ui";
import type { PlaybackFailure } from "./failure";

interface Props {
  failure: PlaybackFailure;
  onRetry?: () => void;
}

export function FailureCard({ failure, onRetry }: Props) {
  return (
    <div
      role="alert"
      data-testid="player-error"
      data-kind={failure.kind}
      className="flex max-w-md flex-col items-center gap-3 p-6 text-center"
    >
      <TriangleAlert aria-hidden className="size-9 text-warn" strokeWidth={1.5} />
      <p className="text-lg font-semibold">{failure.title}</p>
      <p className="text-ink-soft">{failure.detail}</p>
      {onRetry && (
        <Button variant="primary" onClick={onRetry}>
          <RotateCw aria-hidden className="size-4" />
          Tentar de novo
        </Button>
      )}
    </div>
  );
}
