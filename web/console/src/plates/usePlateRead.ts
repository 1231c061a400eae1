// The read whose video is open, by the address; that somebody opened it is in the box's audit trail.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { PlateRead } from "../api/types";

export function usePlateRead(id: string | undefined): PlateRead | null {
  const query = useQuery({
    queryKey: ["plate-read", id],
    queryFn: () =>
      unwrap(api.GET("/api/plate-reads/{read_id}", { params: { path: { read_id: id ?? "" } } })),
    enabled: id !== undefined,
    staleTime: Infinity,
  });
  return id === undefined ? null : (query.data ?? null);
}
