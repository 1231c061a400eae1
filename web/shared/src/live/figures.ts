// The figures of a live picture, as people read them.
export const decimal = (value: number, digits: number) =>
  value.toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Empty where nothing comes. */
export function shownBitRate(bitrateBps: number): string {
  if (bitrateBps <= 0) return "";
  return bitrateBps >= 1_000_000
    ? `${decimal(bitrateBps / 1_000_000, 1)} Mbit/s`
    : `${decimal(bitrateBps / 1000, 0)} kbit/s`;
}
