// What the keyboard does to a player.
import { type RefObject, useMemo } from "react";
import { type KeyGroup, useKeys } from "../keys";
import type { Playback } from "./engine";

/** A long step, for whoever knows about when it happened. */
const LONG_SKIP_S = 60;
export const SKIP_S = 10;

export const PLAYER_KEYS: KeyGroup = {
  title: "Gravação",
  keys: [
    [["Espaço"], "Reproduzir ou pausar"],
    [[",", "."], "Imagem anterior, imagem seguinte"],
    [["←", "→"], `Voltar ou avançar ${SKIP_S} segundos`],
    [["Shift ←", "Shift →"], "Voltar ou avançar 1 minuto"],
    [["-", "+"], "Mais devagar, mais depressa"],
    [["S"], "Ligar ou desligar o som"],
    [["F"], "Tela cheia"],
  ],
};

interface Keyed {
  player: Playback;
  running: boolean;
  rate: number;
  rates: readonly number[];
  onMute?: () => void;
  onFullScreen: () => void;
}

/** `frame` is what the player is on the page. */
export function usePlayerKeys(keyed: Keyed, frame: RefObject<HTMLElement | null>): void {
  const { player, running, rate, rates, onMute, onFullScreen } = keyed;
  const actions = useMemo(() => {
    const faster = () => player.setRate(besideRate(rates, rate, 1));
    return {
      " ": () => (running ? player.pause() : player.play()),
      ",": () => player.step(-1),
      ".": () => player.step(1),
      ArrowLeft: () => player.skip(-SKIP_S),
      ArrowRight: () => player.skip(SKIP_S),
      "Shift+ArrowLeft": () => player.skip(-LONG_SKIP_S),
      "Shift+ArrowRight": () => player.skip(LONG_SKIP_S),
      "-": () => player.setRate(besideRate(rates, rate, -1)),
      "+": faster,
      "=": faster, // the same key without Shift
      s: onMute,
      f: onFullScreen,
    };
  }, [player, running, rate, rates, onMute, onFullScreen]);
  useKeys(actions, frame);
}

/** The next speed up or down; the same at either end. */
export function besideRate(rates: readonly number[], rate: number, direction: 1 | -1): number {
  const beside = direction > 0 ? rates.find((r) => r > rate) : rates.findLast((r) => r < rate);
  return beside ?? rate;
}
