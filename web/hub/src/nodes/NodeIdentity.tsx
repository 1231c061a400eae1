// A box's certificate: until when it is good, how a new box gets one, and taking it away.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Badge, Button, TextField } from "@gtvision/shared/ui";
import { Copy } from "lucide-react";
import { useState, type FormEvent } from "react";
import { QrCode } from "../account/QrCode";
import type { EdgeNode } from "../api/types";
import { useCopy } from "../shell/useCopy";
import { Part } from "./Part";
import { useEnrolmentToken, useRevoke, type Place } from "./useNode";

interface Props {
  node: EdgeNode;
  place: Place;
  timeZone: string;
}

export function NodeIdentity({ node, place, timeZone }: Props) {
  return (
    <Part title="Identidade">
      <p className="flex flex-wrap items-center gap-2">
        {node.revoked_at ? (
          <>
            <Badge tone="bad">Revogada</Badge> em{" "}
            <DateTime at={node.revoked_at} timeZone={timeZone} />
          </>
        ) : node.certificate_expires_at ? (
          <>
            <Badge tone="ok">Certificado válido</Badge> até{" "}
            <DateTime at={node.certificate_expires_at} timeZone={timeZone} />; a caixa o renova
            sozinha
          </>
        ) : (
          <Badge tone="warn">Ainda não cadastrada</Badge>
        )}
      </p>
      <Enrol place={place} timeZone={timeZone} />
      {!node.revoked_at && node.certificate_expires_at && <Revoke place={place} />}
    </Part>
  );
}

function Enrol({ place, timeZone }: { place: Place; timeZone: string }) {
  const issuing = useEnrolmentToken(place);
  const issued = issuing.data;
  const { isCopied, copy } = useCopy(issued?.command ?? "");
  return (
    <div className="flex flex-col gap-2">
      <Button
        className="self-start"
        disabled={issuing.isPending}
        onClick={() => issuing.mutate(undefined)}
      >
        Gerar comando de cadastro
      </Button>
      {issuing.isError && (
        <p role="alert" className="text-bad">
          {ApiProblem.from(issuing.error).detail}
        </p>
      )}
      {issued && (
        <div className="flex flex-wrap items-start gap-4 rounded-md border border-line p-3">
          <QrCode text={issued.command} label="Código QR do comando de cadastro" />
          <div className="flex min-w-0 flex-1 basis-64 flex-col gap-2">
            <p>
              Digite na caixa. Vale uma vez, até{" "}
              <DateTime at={issued.expires_at} timeZone={timeZone} />.
            </p>
            <code data-testid="enrol-command" className="rounded bg-canvas p-2 text-xs break-all">
              {issued.command}
            </code>
            <Button className="self-start" onClick={copy}>
              <Copy aria-hidden className="size-4" />
              {isCopied ? "Copiado" : "Copiar"}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function Revoke({ place }: { place: Place }) {
  const [reason, setReason] = useState("");
  const revoking = useRevoke(place);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (confirm(`Revogar a identidade de ${place.code}? Ela para de falar com a central.`))
      revoking.mutate(reason.trim());
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2 border-t border-line pt-3">
      <TextField
        label="Motivo para revogar"
        className="min-w-0 flex-1 basis-56"
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        placeholder="Ex.: caixa furtada, BO 123/2026"
        maxLength={500}
        pattern=".*\S.*"
        error={revoking.isError ? ApiProblem.from(revoking.error).detail : undefined}
        required
      />
      <Button type="submit" className="h-9 text-bad" disabled={revoking.isPending}>
        Revogar
      </Button>
    </form>
  );
}
