// The console's address: the enlarged camera, the moment played, the open read, the plate searched.

export interface ConsoleSearch {
  camera?: string;
  /** The recording of that camera is played from here, RFC 3339. */
  desde?: string;
  /** Cameras whose recordings are played together from `desde` on. */
  juntas?: string;
  placa?: string;
  /** The read whose video is open. */
  read?: string;
  /** The list that is open over the page. */
  tela?: string;
  /** The tile, from 1, for which the list of cameras is open. */
  quadro?: string;
  /** The cameras that a guard put on the mosaic; without them, a page of all. */
  mosaico?: string;
  pagina?: string;
  /** How the mosaic is laid out: "3x3". */
  grade?: string;
}

const NAMES = [
  "camera",
  "desde",
  "juntas",
  "placa",
  "read",
  "tela",
  "quadro",
  "mosaico",
  "pagina",
  "grade",
] as const;

export function readConsoleSearch(raw: Record<string, unknown>): ConsoleSearch {
  // The router reads ?placa=1234 as a number.
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = raw[name];
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
}
