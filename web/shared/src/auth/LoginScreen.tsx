// User name, password and, where the server asks for it, a code; says clearly why it did not work.
import { TriangleAlert } from "lucide-react";
import { useState, type FormEvent } from "react";
import { ApiProblem } from "../api";
import { Brand, Button, Spinner, TextField } from "../ui";

interface Props {
  subtitle: string;
  /** Rejects with an ApiProblem when the server refuses. */
  onLogin: (username: string, password: string, code: string) => Promise<void>;
}

/** The answers after which a code is asked for. */
const CODE_PROBLEMS = ["second-factor-needed", "wrong-code"];

export function LoginScreen({ subtitle, onLogin }: Props) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [asksCode, setAsksCode] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setError(null);
    const code = String(form.get("code") ?? "").trim();
    try {
      await onLogin(String(form.get("username")).trim(), String(form.get("password")), code);
    } catch (refusal) {
      const problem = ApiProblem.from(refusal);
      if (CODE_PROBLEMS.includes(problem.code)) setAsksCode(true);
      // That a code is needed is no error: the field says so.
      setError(problem.code === "second-factor-needed" ? null : loginError(problem));
      setPending(false);
    }
  }

  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="w-full max-w-sm rounded-xl border border-line bg-panel p-8 shadow-2xl shadow-black/60">
        <h1 className="mb-1">
          <Brand large />
        </h1>
        <p className="mb-6 text-ink-soft">{subtitle}</p>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <TextField
            label="Usuário"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            required
          />
          <TextField
            label="Senha"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
          {asksCode && (
            <TextField
              label="Código do aplicativo autenticador"
              hint="Sem o celular? Digite um dos seus códigos de recuperação."
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              maxLength={20}
              required
              ref={focus}
            />
          )}
          {error && (
            <p role="alert" className="flex gap-2 rounded-md border border-bad/40 bg-bad/10 p-2.5">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
              {error}
            </p>
          )}
          <Button type="submit" variant="primary" disabled={pending} className="h-10">
            {pending && <Spinner className="size-4 text-white" />}
            Entrar
          </Button>
        </form>
      </div>
    </main>
  );
}

function focus(field: HTMLInputElement | null) {
  field?.focus();
}

/** A wrong password is told as such, never as an ended session. */
export function loginError(problem: ApiProblem): string {
  if (problem.code === "wrong-code") return problem.detail;
  return problem.status === 401
    ? "Usuário ou senha incorretos. Confira e tente de novo."
    : `${problem.title}. ${problem.detail}`;
}
