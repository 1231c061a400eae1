// What the keyboard does on the whole console, and the sheet that says so.
import { type KeyGroup, useKeys } from "@gtvision/shared/keys";
import { PLAYER_KEYS } from "@gtvision/shared/player";
import { useMemo } from "react";
import { TIMELINE_KEYS } from "../timeline/timelineKeys";
import type { ConsoleSearch } from "./search";

export function useConsoleKeys(change: (changes: ConsoleSearch) => void): void {
  const actions = useMemo(() => {
    const find = () => change({ tela: "lista" });
    return {
      "/": find,
      "Ctrl+k": find,
      "?": () => change({ tela: "atalhos" }),
      c: () => change({ tela: "recortes" }),
      m: () => change({ camera: undefined, desde: undefined, juntas: undefined }),
    };
  }, [change]);
  useKeys(actions);
}

export const KEY_SHEET: readonly KeyGroup[] = [
  {
    title: "Console",
    keys: [
      [["/", "Ctrl K"], "Procurar câmera"],
      [["M"], "Mosaico"],
      [["F"], "Tela cheia"],
      [["C"], "Recortes"],
      [["?"], "Esta lista"],
      [["Esc"], "Fechar o que está aberto"],
    ],
  },
  TIMELINE_KEYS,
  PLAYER_KEYS,
];
