// What is marked for a clip of the cameras on screen, and the order of it.
import { type ReactNode, useState } from "react";
import type { Camera, RemovedCamera } from "../api/types";
import { useBoxNow } from "../box/queries";
import { withFootage } from "../cameras/withFootage";
import { NewClip } from "../clips/NewClip";
import { around, isSpan } from "../clips/span";
import type { Stretch } from "../timeline/view";
import type { ConsoleSearch } from "./search";

interface Exporting {
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
  /** Asks for a clip of what is marked, or around a moment; null is now. */
  onExport: (atUtc: number | null) => void;
}

interface Props {
  cameras: readonly Camera[];
  removed: readonly RemovedCamera[];
  /** The cameras on screen. */
  first: readonly string[];
  timeZone: string;
  change: (changes: ConsoleSearch) => void;
  children: (exporting: Exporting) => ReactNode;
}

export function Exportable({ cameras, removed, first, timeZone, change, children }: Props) {
  const nowUtc = useBoxNow();
  const [mark, setMark] = useState<Stretch | null>(null);
  const [exported, setExported] = useState<Stretch | null>(null);
  return (
    <>
      {children({
        mark,
        onMark: setMark,
        onExport: (atUtc) => setExported(isSpan(mark) ? mark : around(atUtc ?? nowUtc, nowUtc)),
      })}
      {exported !== null && (
        <NewClip
          cameras={withFootage(cameras, removed)}
          first={first}
          span={exported}
          timeZone={timeZone}
          onOrdered={() => {
            setExported(null);
            setMark(null);
            change({ tela: "recortes" });
          }}
          onClose={() => setExported(null)}
        />
      )}
    </>
  );
}
