// The read whose video is open: from the list on screen or, for an address opened anew, from the box.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { PlateRead } from "../api/types";
import { useLatestReads } from "../box/queries";

export function usePlateRead(
  id: string | undefined,
  plate: string | undefined,
  search: string,
): PlateRead | null {
  const listed = useLatestReads(search || undefined).data?.results;
  const query = useQuery({
    queryKey: ["plate-read", id],
    queryFn: async () => {
      const params = { query: { plate, limit: 200 } };
      const { results } = await unwrap(api.GET("/api/plate-reads", { params }));
      return results.find((read) => read.id === id) ?? null;
    },
    initialData: () => listed?.find((read) => read.id === id),
    enabled: id !== undefined && plate !== undefined,
    staleTime: Infinity,
  });
  return id === undefined ? null : (query.data ?? null);
}
