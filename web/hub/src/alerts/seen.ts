// Which hits a person has still to look at, in this browser. Pure: what is stored goes in and comes out.

export interface Seen {
  /** The newest hit up to which all are done with. */
  until: number;
  /** Of the newer ones, those that were closed one by one. */
  ids: readonly number[];
}

interface Numbered {
  id: number;
}

/** Of whoever is here for the first time (null) nothing is asked: what was before is history. */
export function unseen<Hit extends Numbered>(hits: readonly Hit[], seen: Seen | null): Hit[] {
  if (seen === null) return [];
  return hits.filter(({ id }) => id > seen.until && !seen.ids.includes(id));
}

export function sawAll(hits: readonly Numbered[], seen: Seen | null): Seen {
  return { until: Math.max(seen?.until ?? 0, ...hits.map(({ id }) => id)), ids: [] };
}

export function saw({ id }: Numbered, seen: Seen | null): Seen {
  const { until, ids } = seen ?? { until: 0, ids: [] };
  return { until, ids: [...ids, id] };
}

export function readSeen(stored: string | null): Seen | null {
  try {
    const { until, ids } = JSON.parse(stored ?? "") as Partial<Seen>;
    return typeof until === "number" && Array.isArray(ids) ? { until, ids } : null;
  } catch {
    return null;
  }
}
