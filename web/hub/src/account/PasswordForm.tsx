// A new password; the other sessions end, this one goes on.
import { unwrap } from "@gtvision/shared/api";
import { Button, TextField } from "@gtvision/shared/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, session } from "../api/client";
import { Section } from "./Section";
import { useSubmit } from "./useSubmit";

export function PasswordForm() {
  const queries = useQueryClient();
  const [changed, setChanged] = useState(false);
  const { onSubmit, pending, fields, complaint } = useSubmit(async (form) => {
    setChanged(false);
    const body = { present: String(form.get("present")), new: String(form.get("new")) };
    session.adopt(await unwrap(api.POST("/api/v1/me/password", { body })));
    await queries.invalidateQueries({ queryKey: ["own-sessions"] });
    setChanged(true);
  });
  return (
    <Section title="Senha">
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        <TextField
          label="Senha atual"
          name="present"
          type="password"
          autoComplete="current-password"
          error={fields.present}
          required
        />
        <TextField
          label="Nova senha"
          name="new"
          type="password"
          autoComplete="new-password"
          hint="Pelo menos 10 caracteres; uma frase é melhor que uma palavra."
          minLength={10}
          error={fields.new ?? complaint}
          required
        />
        <p role="status" className="text-sm text-ok empty:hidden">
          {changed && "Senha trocada. As outras sessões foram encerradas."}
        </p>
        <Button type="submit" variant="primary" disabled={pending} className="self-start">
          Trocar a senha
        </Button>
      </form>
    </Section>
  );
}
