// How all cameras are, in one line; it opens the list of them.
import { Button } from "@gtvision/shared/ui";
import { CircleCheck, TriangleAlert } from "lucide-react";
import type { Camera } from "../api/types";
import { isWell } from "./shownState";

interface Props {
  cameras: readonly Camera[];
  open: boolean;
  onOpen: (open: boolean) => void;
}

export function HealthButton({ cameras, open, onOpen }: Props) {
  const bad = cameras.filter((camera) => !isWell(camera)).length;
  const Icon = bad > 0 ? TriangleAlert : CircleCheck;
  return (
    <Button
      data-testid="health"
      aria-expanded={open}
      title="Lista de câmeras: arraste uma para um quadro"
      onClick={() => onOpen(!open)}
    >
      <Icon aria-hidden className={`size-4 ${bad > 0 ? "text-bad" : "text-ok"}`} />
      {healthWords(cameras.length, bad)}
    </Button>
  );
}

export function healthWords(all: number, bad: number): string {
  const cameras = all === 1 ? "1 câmera" : `${all} câmeras`;
  if (bad === 0) return all === 1 ? `${cameras}, bem` : `${cameras}, todas bem`;
  return `${cameras}, ${bad} com problema`;
}
