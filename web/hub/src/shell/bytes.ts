// Sizes of files, for people.

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** "1,4 MB". */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${value.toLocaleString("pt-BR", { maximumFractionDigits: power === 0 ? 0 : 1 })} ${UNITS[power]}`;
}
