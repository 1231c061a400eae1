// The recorded moment in a dialog: the player, and beside it what the moment is about.
import type { ReactNode } from "react";
import { Player, type PlaybackFailure, type VideoSource } from "../player";
import { Modal } from "../ui";

interface Props {
  title: string;
  description: string;
  /** Null while it is being asked for. */
  source: VideoSource | null;
  failure?: PlaybackFailure | null;
  timeZone: string;
  momentUtc?: number;
  onRetry: () => void;
  onClose: () => void;
  /** Shown beside the video. */
  children?: ReactNode;
}

export function PlaybackDialog({ title, description, onClose, children, ...player }: Props) {
  return (
    <Modal
      title={title}
      description={description}
      onClose={onClose}
      className={children ? "max-w-[1240px]" : "max-w-[1000px]"}
    >
      <div className="flex min-h-0 flex-col overflow-y-auto lg:flex-row">
        <div className="min-w-0 flex-1">
          <Player {...player} label={`Gravação: ${title}`} />
        </div>
        {children && (
          <aside
            aria-label="Detalhes da leitura"
            className="shrink-0 border-t border-line p-4 lg:w-80 lg:border-t-0 lg:border-l"
          >
            {children}
          </aside>
        )}
      </div>
    </Modal>
  );
}
