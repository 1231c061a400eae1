// The second factor: whether there is one, setting it up, its recovery codes.
import { unwrap } from "@gtvision/shared/api";
import { Badge, Button, ErrorState, LoadingState, TextField } from "@gtvision/shared/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, session } from "../api/client";
import type { SecondFactorKey } from "../api/types";
import { QrCode } from "./QrCode";
import { RecoveryCodes } from "./RecoveryCodes";
import { Section } from "./Section";
import { useSubmit } from "./useSubmit";

const KEY = ["second-factor"];

export function SecondFactor() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/second-factor", { signal })),
  });
  const queries = useQueryClient();
  const [key, setKey] = useState<SecondFactorKey | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);

  async function done(recoveryCodes: string[] | null) {
    setKey(null);
    setCodes(recoveryCodes);
    await queries.invalidateQueries({ queryKey: KEY });
  }

  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <LoadingState />;
  const { required, active, recovery_codes_left: left } = query.data;
  const begun = key ? <Confirm secret={key} onDone={done} /> : <Begin onKey={setKey} />;
  return (
    <Section title="Segundo fator">
      <State required={required} active={active} />
      <p className="text-sm text-ink-soft">
        Além da senha, um código do aplicativo autenticador do seu celular: quem descobrir a senha
        não entra sem ele.
      </p>
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {active && !codes && <ActiveActions left={left} required={required} onDone={done} />}
      {!active && begun}
    </Section>
  );
}

function State({ required, active }: { required: boolean; active: boolean }) {
  const missing = required ? "Obrigatório, ainda não cadastrado" : "Não cadastrado";
  return (
    <div>
      <Badge tone={active ? "ok" : required ? "bad" : "idle"}>{active ? "Ativo" : missing}</Badge>
    </div>
  );
}

function Begin({ onKey }: { onKey: (key: SecondFactorKey) => void }) {
  const { onSubmit, pending, fields, complaint } = useSubmit(async (form) => {
    const body = { password: String(form.get("password")) };
    onKey(await unwrap(api.POST("/api/v1/me/second-factor", { body })));
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <TextField
        label="Sua senha"
        name="password"
        type="password"
        autoComplete="current-password"
        error={fields.password ?? complaint}
        required
      />
      <Button type="submit" variant="primary" disabled={pending} className="self-start">
        Cadastrar aplicativo
      </Button>
    </form>
  );
}

interface ConfirmProps {
  secret: SecondFactorKey;
  onDone: (recoveryCodes: string[]) => Promise<void>;
}

function Confirm({ secret, onDone }: ConfirmProps) {
  const { onSubmit, pending, fields, complaint } = useSubmit(async (form) => {
    const body = { code: String(form.get("code")) };
    const { recovery_codes } = await unwrap(api.POST("/api/v1/me/second-factor/confirm", { body }));
    session.completed();
    await onDone(recovery_codes);
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-4">
        <QrCode text={secret.uri} label="Código QR para o aplicativo autenticador" />
        <div className="min-w-0 flex-1 text-sm text-ink-soft">
          <p>
            Leia o código QR com um aplicativo autenticador (Google Authenticator, Microsoft
            Authenticator, FreeOTP), ou digite nele esta chave:
          </p>
          <p className="mt-2 font-mono text-xs break-all text-ink select-all">{secret.key}</p>
        </div>
      </div>
      <CodeField error={fields.code ?? complaint} />
      <Button type="submit" variant="primary" disabled={pending} className="self-start">
        Confirmar
      </Button>
    </form>
  );
}

interface ActiveProps {
  left: number;
  required: boolean;
  onDone: (recoveryCodes: string[] | null) => Promise<void>;
}

function ActiveActions({ left, required, onDone }: ActiveProps) {
  const [removing, setRemoving] = useState(false);
  const renewal = useSubmit(async (form) => {
    const body = { code: String(form.get("code")) };
    const address = "/api/v1/me/second-factor/recovery-codes";
    await onDone((await unwrap(api.POST(address, { body }))).recovery_codes);
  });
  if (removing) return <Remove onDone={onDone} onCancel={() => setRemoving(false)} />;
  return (
    <>
      <p className="text-sm">
        {left === 0
          ? "Nenhum código de recuperação sobrou: gere outros."
          : `Códigos de recuperação que sobram: ${left}.`}
      </p>
      <form onSubmit={renewal.onSubmit} className="flex flex-wrap items-end gap-3">
        <CodeField error={renewal.fields.code ?? renewal.complaint} />
        <Button type="submit" disabled={renewal.pending}>
          Gerar novos códigos
        </Button>
      </form>
      {!required && (
        <Button className="self-start" onClick={() => setRemoving(true)}>
          Desativar o segundo fator
        </Button>
      )}
    </>
  );
}

function Remove({
  onDone,
  onCancel,
}: {
  onDone: (codes: null) => Promise<void>;
  onCancel: () => void;
}) {
  const { onSubmit, pending, fields, complaint } = useSubmit(async (form) => {
    const body = { password: String(form.get("password")), code: String(form.get("code")) };
    await unwrap(api.POST("/api/v1/me/second-factor/remove", { body }));
    await onDone(null);
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <TextField
        label="Sua senha"
        name="password"
        type="password"
        autoComplete="current-password"
        error={fields.password}
        required
      />
      <CodeField error={fields.code ?? complaint} />
      <div className="flex gap-2">
        <Button type="submit" disabled={pending}>
          Desativar
        </Button>
        <Button onClick={onCancel}>Cancelar</Button>
      </div>
    </form>
  );
}

function CodeField({ error }: { error: string | null | undefined }) {
  return (
    <TextField
      label="Código do aplicativo"
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      error={error}
      required
    />
  );
}
