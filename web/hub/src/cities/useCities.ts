// The prefeituras that the signed-in person may see, and the time zone of each.
import { unwrap } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE } from "@gtvision/shared/time";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { components } from "../api/schema";
import { useUser } from "../auth/useUser";

const CITIES = ["cities"];

export function useCities() {
  return useQuery({
    queryKey: CITIES,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/cities", { signal })),
    staleTime: 60_000,
  });
}

/** The zone of a city by its code; without one, that of the person's own city. */
export function useTimeZones(): (cityCode?: string) => string {
  const cities = useCities().data;
  const own = useUser()?.city?.timezone ?? cities?.[0]?.timezone ?? DEFAULT_TIME_ZONE;
  return (cityCode) => cities?.find(({ code }) => code === cityCode)?.timezone ?? own;
}

export function usePlans() {
  return useQuery({
    queryKey: ["plans"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/plans", { signal })),
    staleTime: Infinity,
  });
}

export function useAddCity() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewCityRequest"]) =>
      unwrap(api.POST("/api/v1/cities", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: CITIES }),
  });
}

type CityChange = components["schemas"]["PatchedCityChangeRequest"] & { etag: string };

export function useChangeCity(code: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...body }: CityChange) =>
      unwrap(
        api.PATCH("/api/v1/cities/{code}", {
          params: { path: { code }, header: ifMatch(etag) },
          body,
        }),
      ),
    // Also when somebody was faster: then the list shows what they did.
    onSettled: () => client.invalidateQueries({ queryKey: CITIES }),
  });
}
