// A text to be typed elsewhere, with a button that copies it.
import { IconButton } from "@gtvision/shared/ui";
import { Check, Copy } from "lucide-react";
import { useState } from "react";

export function CopyLine({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState("");
  const done = copied === text;
  const Icon = done ? Check : Copy;
  return (
    <p className="flex items-center gap-2">
      <span className="sr-only">{label}: </span>
      <code className="min-w-0 flex-1 rounded bg-canvas p-2 text-xs break-all">{text}</code>
      <IconButton
        label={done ? `${label} copiado` : `Copiar ${label.toLowerCase()}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
      >
        <Icon aria-hidden className="size-4" />
      </IconButton>
    </p>
  );
}
