// Which recording is open on the cameras page, as its address holds it.

export interface FootageSearch {
  /** The camera whose recording is asked for. */
  camera?: string;
  /** Where the recording starts, RFC 3339; without it the person is asked. */
  inicio?: string;
}

export function readFootageSearch({ camera, inicio }: Record<string, unknown>): FootageSearch {
  const known = typeof inicio === "string" && !Number.isNaN(Date.parse(inicio));
  return {
    camera: camera === undefined ? undefined : String(camera),
    inicio: known ? inicio : undefined,
  };
}
