// Copying a text, and whether the one that is shown now has been.
import { useState } from "react";

export function useCopy(text: string) {
  const [copied, setCopied] = useState<string | null>(null);
  return {
    isCopied: copied === text,
    copy: () => void navigator.clipboard.writeText(text).then(() => setCopied(text)),
  };
}
