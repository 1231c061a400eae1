// Which read is open over a page, as the page's address holds it.

export interface OpenRead {
  /** The read's id, and its instant (RFC 3339), by which it is found again. */
  read?: string;
  em?: string;
  /** "sim": its recording, and not its details. */
  gravacao?: string;
}

export const NO_READ = {
  read: undefined,
  em: undefined,
  gravacao: undefined,
} satisfies OpenRead;

export function readOpenRead({ read, em, gravacao }: Record<string, unknown>): OpenRead {
  // The router reads ?read=1234 as a number.
  if ((typeof read !== "string" && typeof read !== "number") || typeof em !== "string") return {};
  return { read: String(read), em, ...(gravacao === "sim" ? { gravacao } : {}) };
}

/** Closing takes no place in the history: "back" leads to what was before, not into the dialog again. */
export const isClosing = ({ gravacao }: OpenRead): boolean => gravacao === undefined;

export const openRead = ({ id, captured_at }: { id: number; captured_at: string }): OpenRead => ({
  read: String(id),
  em: captured_at,
});
