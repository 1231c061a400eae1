// The signed-in person's saved searches.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { Filters } from "./search";

const KEY = ["plate-searches"];

export function useSavedSearches() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/plate-searches", { signal })),
  });
}

/** What has the name is replaced. */
export function useSaveSearch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Filters & { name: string }) =>
      unwrap(api.POST("/api/v1/plate-searches", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteSearch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(
        api.DELETE("/api/v1/plate-searches/{search_id}", { params: { path: { search_id: id } } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
