// Something that is handed over by copying it: an address, a secret.
import { Button, TextField } from "@gtvision/shared/ui";
import { Copy } from "lucide-react";
import { useState } from "react";

interface Props {
  label: string;
  value: string;
}

export function CopyField({ label, value }: Props) {
  const [copied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  }

  return (
    <div className="flex items-start gap-2">
      <TextField
        label={label}
        className="flex-1"
        value={value}
        onFocus={({ target }) => target.select()}
        readOnly
      />
      <Button className="mt-5 h-9" onClick={() => void copy()}>
        <Copy aria-hidden className="size-4" />
        {copied ? "Copiado" : "Copiar"}
      </Button>
    </div>
  );
}
