// One vehicle's page, as its address holds it: the period, what is open, and the convoy asked for.

export interface VehicleSearch {
  /** From and to, RFC 3339; neither: all that is kept. */
  de?: string;
  ate?: string;
  prefeitura?: string;
  /** Seconds before and after within which another vehicle counts as seen together. */
  juntos?: number;
  /** At so many different cameras at least. */
  cameras?: number;
  /** The read whose video is open, and its instant. */
  read?: string;
  em?: string;
}

/** The bounds are the API's. */
const WITHIN_S = [1, 600] as const;
const CAMERAS = [2, 50] as const;

export function readVehicleSearch(raw: Record<string, unknown>): VehicleSearch {
  const text = (name: string) => (raw[name] === undefined ? undefined : String(raw[name]));
  return {
    de: text("de"),
    ate: text("ate"),
    prefeitura: text("prefeitura"),
    juntos: within(raw.juntos, WITHIN_S),
    cameras: within(raw.cameras, CAMERAS),
    read: text("read"),
    em: text("em"),
  };
}

function within(value: unknown, [least, most]: readonly [number, number]): number | undefined {
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}
