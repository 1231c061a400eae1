// What a path says in numbers. No I/O.
import type { PathPoint } from "../api/types";

export interface Summary {
  reads: number;
  cameras: number;
  /** Straight lines between cameras: the way driven is longer. */
  distanceKm: number;
  /** Legs that no vehicle can drive. */
  impossible: number;
  first: PathPoint;
  last: PathPoint;
}

/** Null when there is no path. */
export function summaryOf(path: readonly PathPoint[]): Summary | null {
  const [first, last] = [path[0], path.at(-1)];
  if (!first || !last) return null;
  return {
    reads: path.length,
    cameras: new Set(path.map(({ read }) => read.camera.id)).size,
    distanceKm: path.reduce((sum, { leg }) => sum + (leg?.distance_km ?? 0), 0),
    impossible: path.filter(({ leg }) => leg?.impossible).length,
    first,
    last,
  };
}

export interface Stop {
  /** Of the camera. */
  id: string;
  name: string;
  latitude: number;
  longitude: number;
  /** Places in the path, counted from 1. */
  numbers: number[];
}

/** The cameras of a path that are on the map, each with its places in it. */
export function stopsOf(path: readonly PathPoint[]): Stop[] {
  const stops = new Map<string, Stop>();
  path.forEach(({ read: { camera }, latitude, longitude }, index) => {
    if (latitude === null || longitude === null) return;
    const stop = stops.get(camera.id) ?? { ...camera, latitude, longitude, numbers: [] };
    stop.numbers.push(index + 1);
    stops.set(camera.id, stop);
  });
  return [...stops.values()];
}

export function formatKm(km: number): string {
  return `${km.toLocaleString("pt-BR", { maximumFractionDigits: 1 })} km`;
}

/** "45 s", "12 min", "3 h 05 min", "2 dias". */
export function formatMinutes(minutes: number): string {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  if (whole < 48 * 60)
    return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, "0")} min`;
  return `${Math.round(whole / 1440)} dias`;
}

/** "1, 4, 7–9", and no more than a label can hold. */
export function numbersLabel(numbers: readonly number[]): string {
  const [first, ...rest] = numbers;
  if (rest.length <= 2) return numbers.join(", ");
  return `${first}, ${rest[0]} … ${rest.at(-1)}`;
}
