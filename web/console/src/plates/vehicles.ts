// Reads of one vehicle within seconds are shown as one, with their number.
import type { PlateRead } from "../api/types";

export interface SeenVehicle {
  /** The newest read, or the newest with a picture. */
  read: PlateRead;
  reads: number;
}

/** Of reads, newest first; each vehicle stands where its newest read does. */
export function vehiclesOf(reads: readonly PlateRead[]): SeenVehicle[] {
  const vehicles = new Map<string, SeenVehicle>();
  for (const read of reads) {
    const group = read.group ?? read.id;
    const known = vehicles.get(group);
    if (!known) vehicles.set(group, { read, reads: read.group_size });
    else if (!known.read.image_url && read.image_url) known.read = read;
  }
  return [...vehicles.values()];
}
