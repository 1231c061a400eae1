// The prefeituras that the signed-in person may see, and the time zone of each.
import { unwrap } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE } from "@gtvision/shared/time";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { useUser } from "../auth/useUser";

export function useCities() {
  return useQuery({
    queryKey: ["cities"],
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
