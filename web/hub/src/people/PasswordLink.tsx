// A link by which a person chooses a password: handed over here, and shown only now.
import { DateTime } from "@gtvision/shared/time";
import { Button, TextField } from "@gtvision/shared/ui";
import { Copy } from "lucide-react";
import { useState } from "react";
import type { PasswordLink as Link } from "../api/types";
import { useTimeZones } from "../cities/useCities";

interface Props {
  link: Link;
  city: string | undefined;
}

export function PasswordLink({ link, city }: Props) {
  const [copied, setCopied] = useState(false);
  const timeZone = useTimeZones()(city);

  async function copy() {
    await navigator.clipboard.writeText(link.url);
    setCopied(true);
  }

  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-2">
        <TextField
          label="Link para escolher a senha"
          className="flex-1"
          value={link.url}
          onFocus={({ target }) => target.select()}
          readOnly
        />
        <Button className="mt-5 h-9" onClick={() => void copy()}>
          <Copy aria-hidden className="size-4" />
          {copied ? "Copiado" : "Copiar"}
        </Button>
      </div>
      <p className="text-xs text-ink-soft">
        Entregue só à própria pessoa. Vale uma vez, até{" "}
        <DateTime at={link.expires_at} timeZone={timeZone} />, e não aparece de novo.
      </p>
    </div>
  );
}
