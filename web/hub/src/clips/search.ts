// What is open on the page of clips, as its address holds it.

export interface ClipSearch {
  /** A clip is being ordered. */
  novo?: true;
  /** Of this camera. */
  camera?: string;
}

export function readClipSearch({ novo, camera }: Record<string, unknown>): ClipSearch {
  return {
    novo: novo === true ? true : undefined,
    camera: typeof camera === "string" ? camera : undefined,
  };
}
