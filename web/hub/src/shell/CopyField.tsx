// Something that is handed over by copying it: an address, a secret.
import { Button, TextField } from "@gtvision/shared/ui";
import { Copy } from "lucide-react";
import { useCopy } from "./useCopy";

interface Props {
  label: string;
  value: string;
}

export function CopyField({ label, value }: Props) {
  const { isCopied, copy } = useCopy(value);
  return (
    <div className="flex items-start gap-2">
      <TextField
        label={label}
        className="flex-1"
        value={value}
        onFocus={({ target }) => target.select()}
        readOnly
      />
      <Button className="mt-5 h-9" onClick={copy}>
        <Copy aria-hidden className="size-4" />
        {isCopied ? "Copiado" : "Copiar"}
      </Button>
    </div>
  );
}
