// Which mosaic is watched, which of its cameras is enlarged, and whether it is being made or changed.

export interface MosaicSearch {
  mosaico?: string;
  camera?: string;
  aovivo?: "alta" | "baixa";
  editar?: "novo" | "este";
}

export function readMosaicSearch(search: Record<string, unknown>): MosaicSearch {
  const { mosaico, camera, aovivo, editar } = search;
  return {
    mosaico: mosaico === undefined ? undefined : String(mosaico),
    camera: camera === undefined ? undefined : String(camera),
    aovivo: aovivo === "alta" || aovivo === "baixa" ? aovivo : undefined,
    editar: editar === "novo" || editar === "este" ? editar : undefined,
  };
}
