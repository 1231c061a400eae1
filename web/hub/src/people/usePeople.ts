// The people who may log in, as far as the signed-in person looks after them.
import { unwrap } from "@gtvision/shared/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifMatch } from "../api/client";
import type { components } from "../api/schema";

const PEOPLE = ["people"];

export function usePeople() {
  return useQuery({
    queryKey: PEOPLE,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/users", { signal })),
  });
}

export function useAddPerson() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: components["schemas"]["NewUserRequest"]) =>
      unwrap(api.POST("/api/v1/users", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
}

export type Change = components["schemas"]["PatchedUserChangeRequest"];

export function useChangePerson(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...body }: Change & { etag?: string }) =>
      unwrap(
        api.PATCH("/api/v1/users/{user_id}", {
          params: { path: { user_id: id }, header: etag ? ifMatch(etag) : {} },
          body,
        }),
      ),
    // Also when somebody was faster: then the list shows what they did.
    onSettled: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
}

export function useMakePasswordLink(id: number) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/users/{user_id}/password-link", { params: { path: { user_id: id } } }),
      ),
  });
}

export function useUnlock(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/api/v1/users/{user_id}/lock", { params: { path: { user_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
}

export function useSessionsOf(id: number) {
  return useQuery({
    queryKey: [...PEOPLE, id, "sessions"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/users/{user_id}/sessions", { params: { path: { user_id: id } }, signal }),
      ),
  });
}

export function useEndSessionsOf(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/api/v1/users/{user_id}/sessions", { params: { path: { user_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...PEOPLE, id] }),
  });
}

export function useResetSecondFactorOf(id: number) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.DELETE("/api/v1/users/{user_id}/second-factor", { params: { path: { user_id: id } } }),
      ),
  });
}
