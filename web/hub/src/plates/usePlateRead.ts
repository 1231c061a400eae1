// The read whose video is open: from the list on screen or, for an address opened anew, from the API.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { PlateRead } from "../api/types";

/** Null while none is open, or while it is being found. */
export function usePlateRead(
  id: string | undefined,
  capturedAt: string | undefined,
  listed: readonly PlateRead[],
): PlateRead | null {
  const query = useQuery({
    queryKey: ["plate-read", id],
    queryFn: () => findRead(id ?? "", capturedAt ?? ""),
    initialData: () => listed.find((read) => String(read.id) === id),
    enabled: id !== undefined && capturedAt !== undefined,
    staleTime: Infinity,
  });
  return id === undefined ? null : (query.data ?? null);
}

/** The API finds reads by their time; of those of that instant, the one with this id. */
async function findRead(id: string, capturedAt: string): Promise<PlateRead | null> {
  const at = Date.parse(capturedAt);
  const since = new Date(at - 1).toISOString();
  const until = new Date(at + 1).toISOString();
  const { results } = await unwrap(
    api.GET("/api/v1/plate-reads", { params: { query: { since, until, limit: 200 } } }),
  );
  return results.find((read) => String(read.id) === id) ?? null;
}
