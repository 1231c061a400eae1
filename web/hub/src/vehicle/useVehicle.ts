// One vehicle's path, and the vehicles that were seen with it.
import { unwrap } from "@gtvision/shared/api";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import type { VehicleSearch } from "./search";

/** The hub gives the newest so many reads of a longer path. */
export const MAX_PATH = 1000;

/** Each look is written into the audit trail: nothing is asked anew by itself. */
const KEPT_MS = 60_000;

const periodOf = ({ de, ate, prefeitura }: VehicleSearch) => ({
  since: de,
  until: ate,
  city: prefeitura,
});

export function useVehiclePath(plate: string, search: VehicleSearch, purpose: string) {
  const query = { plate, ...periodOf(search), purpose };
  return useQuery({
    queryKey: ["plate-path", query],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/plate-path", { params: { query }, signal })),
    staleTime: KEPT_MS,
    refetchOnWindowFocus: false,
  });
}

export function useCompanions(plate: string, search: VehicleSearch, purpose: string) {
  const query = {
    plate,
    purpose,
    ...periodOf(search),
    within_s: search.juntos,
    min_cameras: search.cameras,
  };
  return useQuery({
    queryKey: ["plate-companions", query],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/plate-companions", { params: { query }, signal })),
    enabled: search.juntos !== undefined,
    staleTime: KEPT_MS,
    refetchOnWindowFocus: false,
  });
}
