// The hub's entrance.
import { LoginScreen } from "@gtvision/shared/auth";
import { useRouter, useSearch } from "@tanstack/react-router";
import { session } from "../api/client";

export function LoginPage() {
  const router = useRouter();
  const { voltar } = useSearch({ from: "/entrar" });

  async function login(username: string, password: string, code: string) {
    await session.login(username, password, code);
    // Back to the address that asked for a login, with its filters and open video.
    router.history.push(voltar ?? "/");
  }

  return <LoginScreen subtitle="Central de monitoramento" onLogin={login} />;
}
