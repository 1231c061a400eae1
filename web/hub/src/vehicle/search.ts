// One vehicle's page, as its address holds it: the period, what is open, and the convoy asked for.
import { readOpenRead, type OpenRead } from "../plates/openRead";

export interface VehicleSearch extends OpenRead {
  /** From and to, RFC 3339; neither: all that is kept. */
  de?: string;
  ate?: string;
  prefeitura?: string;
  /** Seconds before and after within which another vehicle counts as seen together. */
  juntos?: number;
  /** At so many different cameras at least. */
  cameras?: number;
}

/** The convoy that is asked for where nobody has chosen another, and where it stands on the page. */
export const TOGETHER = { juntos: 60, cameras: 3 } satisfies VehicleSearch;
export const TOGETHER_HASH = "juntos";

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
    ...readOpenRead(raw),
  };
}

function within(value: unknown, [least, most]: readonly [number, number]): number | undefined {
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}
