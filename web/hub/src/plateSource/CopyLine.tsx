// A text to be typed elsewhere, with a button that copies it.
import { IconButton } from "@gtvision/shared/ui";
import { Check, Copy } from "lucide-react";
import { useCopy } from "../shell/useCopy";

export function CopyLine({ label, text }: { label: string; text: string }) {
  const { isCopied, copy } = useCopy(text);
  const Icon = isCopied ? Check : Copy;
  return (
    <p className="flex items-center gap-2">
      <span className="sr-only">{label}: </span>
      <code className="min-w-0 flex-1 rounded bg-canvas p-2 text-xs break-all">{text}</code>
      <IconButton
        label={isCopied ? `${label} copiado` : `Copiar ${label.toLowerCase()}`}
        onClick={copy}
      >
        <Icon aria-hidden className="size-4" />
      </IconButton>
    </p>
  );
}
