// Reads of one vehicle within seconds are shown as one, with their number.

export interface Passage<Read> {
  id: string;
  /** The newest read, or the newest with a picture. */
  shown: Read;
  /** Newest first. */
  reads: Read[];
}

/** Of reads, newest first; each passage stands where its newest read does. */
export function passagesOf<Read extends { image_url: string | null }>(
  reads: readonly Read[],
  passageOf: (read: Read) => string,
): Passage<Read>[] {
  const passages = new Map<string, Passage<Read>>();
  for (const read of reads) {
    const id = passageOf(read);
    const known = passages.get(id);
    if (known) {
      known.reads.push(read);
      if (!known.shown.image_url && read.image_url) known.shown = read;
    } else passages.set(id, { id, shown: read, reads: [read] });
  }
  return [...passages.values()];
}

export function readsLabel(reads: number): string {
  return reads > 1 ? `${reads} leituras` : "";
}
