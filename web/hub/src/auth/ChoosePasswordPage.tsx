// Where a password link leads: the person chooses a password that nobody else knows.
import { unwrap } from "@gtvision/shared/api";
import { Brand, Button, TextField } from "@gtvision/shared/ui";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSubmit } from "../account/useSubmit";
import { api } from "../api/client";

/** What follows # in the link: the browser sends it nowhere by itself. */
const token = () => window.location.hash.slice(1);

export function ChoosePasswordPage() {
  const [chosen, setChosen] = useState(false);
  const [different, setDifferent] = useState(false);
  const { onSubmit, pending, fields, complaint } = useSubmit(async (form) => {
    const password = String(form.get("password"));
    const same = password === form.get("again");
    setDifferent(!same);
    if (!same) return;
    await unwrap(api.POST("/api/v1/auth/password", { body: { token: token(), password } }));
    setChosen(true);
  });

  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="w-full max-w-sm rounded-xl border border-line bg-panel p-8 shadow-2xl shadow-black/60">
        <h1 className="mb-1">
          <Brand large />
        </h1>
        <p className="mb-6 text-ink-soft">Escolha a sua senha</p>
        {chosen ? (
          <p role="status" className="flex flex-col gap-4 text-ok">
            Senha escolhida. O link não vale mais.
            <Link to="/entrar" className="text-accent underline">
              Entrar
            </Link>
          </p>
        ) : (
          <form onSubmit={onSubmit} className="flex flex-col gap-4">
            <TextField
              label="Nova senha"
              name="password"
              type="password"
              autoComplete="new-password"
              hint="Pelo menos 10 caracteres; uma frase é melhor que uma palavra."
              minLength={10}
              error={fields.password}
              required
            />
            <TextField
              label="A mesma senha, outra vez"
              name="again"
              type="password"
              autoComplete="new-password"
              error={different ? "As duas senhas não são iguais." : undefined}
              required
            />
            <p role="alert" className="text-bad empty:hidden">
              {complaint}
            </p>
            <Button type="submit" variant="primary" disabled={pending} className="h-10">
              Guardar a senha
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
