// A read as the search shows it, for who may not look at it in full: from the list on screen, or from the API.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { PlateRead } from "../api/types";

/** Null: there is no such read. Nothing is asked unless `wanted`. */
export function usePlateRead(
  id: string,
  capturedAt: string,
  listed: PlateRead | undefined,
  wanted: boolean,
) {
  return useQuery({
    queryKey: ["plate-read", id],
    queryFn: () => findRead(id, capturedAt),
    initialData: listed,
    enabled: wanted,
    staleTime: Infinity,
  });
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
