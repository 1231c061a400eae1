// Shows the console to who has signed in on this box, and the entrance to everybody else.
import { ApiProblem, unwrap } from "@gtvision/shared/api";
import { LoginScreen } from "@gtvision/shared/auth";
import { ErrorState, LoadingState } from "@gtvision/shared/ui";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { ME, useMe } from "../box/queries";
import { ConsolePage } from "./ConsolePage";

export function Gate() {
  const client = useQueryClient();
  const { data: user, error, refetch } = useMe();

  async function login(username: string, password: string) {
    const body = { username, password };
    const session = await unwrap(api.POST("/api/auth/login", { body }));
    client.setQueryData(ME, session.user);
  }

  async function logout() {
    await unwrap(api.POST("/api/auth/logout"));
    client.clear();
    void refetch();
  }

  if (error && ApiProblem.from(error).status === 401) {
    return <LoginScreen subtitle="Console local" onLogin={login} />;
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!user) return <LoadingState />;
  return <ConsolePage user={user} onSignOut={() => void logout()} />;
}
