// Which video or camera is open on the cameras page, as its address holds it.

export interface FootageSearch {
  /** The camera that is watched. */
  camera?: string;
  /** Live, in this quality; without it a recording is asked for. */
  aovivo?: "alta" | "baixa";
  /** Where the recording starts, RFC 3339; without it the person is asked. */
  inicio?: string;
  /** The camera that is looked after. */
  cuidar?: string;
}

export function readFootageSearch(search: Record<string, unknown>): FootageSearch {
  const { camera, inicio, aovivo, cuidar } = search;
  const known = typeof inicio === "string" && !Number.isNaN(Date.parse(inicio));
  return {
    camera: camera === undefined ? undefined : String(camera),
    aovivo: aovivo === "alta" || aovivo === "baixa" ? aovivo : undefined,
    inicio: known ? inicio : undefined,
    cuidar: cuidar === undefined ? undefined : String(cuidar),
  };
}
