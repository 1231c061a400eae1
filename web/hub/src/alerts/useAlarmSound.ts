// Sounds while there are alerts that nobody has looked at, if the person wants sound.
import { useEffect, useMemo } from "react";
import { useStored } from "@gtvision/shared/ui";
import { AlarmSound } from "./AlarmSound";

/** Again and again: the person may have been away from the screen. */
const REPEAT_MS = 10_000;

/** `newest` is the newest alert that waits; a change of it sounds at once. */
export function useAlarmSound(newest: number | undefined) {
  const sound = useMemo(() => new AlarmSound(), []);
  const [stored, store] = useStored("gtv-alert-sound");
  const on = stored !== "off";

  useEffect(() => {
    const unlock = () => sound.unlock();
    addEventListener("pointerdown", unlock);
    addEventListener("keydown", unlock);
    return () => {
      removeEventListener("pointerdown", unlock);
      removeEventListener("keydown", unlock);
      sound.close();
    };
  }, [sound]);

  useEffect(() => {
    if (newest === undefined || !on) return;
    sound.play();
    const timer = setInterval(() => sound.play(), REPEAT_MS);
    return () => clearInterval(timer);
  }, [sound, newest, on]);

  return { on, toggle: () => store(on ? "off" : "on") };
}
