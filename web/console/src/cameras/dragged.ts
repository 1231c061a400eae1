// A camera on its way with the mouse, from the list or from a tile to a tile.
import type { DragEvent } from "react";

/** No other page's drag has it. */
const TYPE = "application/x-gtvision-camera";

export function drag(event: DragEvent, camera: string): void {
  event.dataTransfer.setData(TYPE, camera);
  event.dataTransfer.effectAllowed = "move";
}

/** Lets it be dropped here. */
export function allow(event: DragEvent): void {
  if (event.dataTransfer.types.includes(TYPE)) event.preventDefault();
}

export function dropped(event: DragEvent): string | null {
  event.preventDefault();
  return event.dataTransfer.getData(TYPE) || null;
}
