// What the keyboard does about the timeline: a jump to a time, and the two ends of a span.
import { type KeyGroup, useKeys } from "@gtvision/shared/keys";
import { useMemo, useState } from "react";
import type { Stretch } from "./view";

export const TIMELINE_KEYS: KeyGroup = {
  title: "Linha do tempo",
  keys: [
    [["G"], "Ir para um horário"],
    [["I", "O"], "Marcar o início e o fim de um trecho"],
    [["E"], "Exportar o trecho"],
    [["V"], "Voltar ao vivo"],
    [["Roda", "↑", "↓"], "Aproximar e afastar"],
    [["Arrastar"], "Mover a linha; com Shift, marcar um trecho"],
  ],
};

interface Keyed {
  playingUtc: number | null;
  nowUtc: number;
  mark: Stretch | null;
  onMark: (mark: Stretch | null) => void;
}

/** Whether the jump to a time is open, and what opens and closes it. */
export function useTimelineKeys({ playingUtc, nowUtc, mark, onMark }: Keyed) {
  const [isOpen, setOpen] = useState(false);
  const actions = useMemo(() => {
    const atUtc = playingUtc ?? nowUtc;
    return {
      g: () => setOpen(true),
      i: () => onMark(startedAt(mark, atUtc)),
      o: () => onMark(endedAt(mark, atUtc)),
    };
  }, [playingUtc, nowUtc, mark, onMark]);
  useKeys(actions);
  return { isOpen, open: () => setOpen(true), close: () => setOpen(false) };
}

/** A span that begins at an instant; one that had ended before begins anew. */
export function startedAt(mark: Stretch | null, utcMs: number): Stretch {
  return { startUtc: utcMs, endUtc: mark && mark.endUtc > utcMs ? mark.endUtc : utcMs };
}

export function endedAt(mark: Stretch | null, utcMs: number): Stretch {
  return { startUtc: mark && mark.startUtc < utcMs ? mark.startUtc : utcMs, endUtc: utcMs };
}
