// A bit rate as people read it; empty where nothing comes.
export function shownBitRate(bitrateBps: number): string {
  if (bitrateBps <= 0) return "";
  const digits = bitrateBps >= 1_000_000 ? 1 : 0;
  const value = bitrateBps / (digits ? 1_000_000 : 1000);
  const text = value.toLocaleString("pt-BR", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text} ${digits ? "Mbit/s" : "kbit/s"}`;
}
