// Brazilian number plates: how they are written, and what a person may type to search them.

const MERCOSUL = /^[A-Z]{3}\d[A-Z]\d{2}$/;
const OLD = /^([A-Z]{3})(\d{4})$/;

export type PlateFormat = "mercosul" | "old" | "other";

/** The plate without hyphen, spaces or lower case, as it is stored. */
export function normalizePlate(plate: string): string {
  return plate.toUpperCase().replace(/[\s-]/g, "");
}

export function plateFormat(plate: string): PlateFormat {
  const normal = normalizePlate(plate);
  if (MERCOSUL.test(normal)) return "mercosul";
  return OLD.test(normal) ? "old" : "other";
}

/** As painted on the vehicle: ABC1D23, or ABC-1234 in the old format. */
export function formatPlate(plate: string): string {
  return normalizePlate(plate).replace(OLD, "$1-$2");
}

/** Why the text cannot be searched, in words; null when it can. */
export function platePatternError(pattern: string): string | null {
  const wrong = /[^A-Z0-9?*]/.exec(normalizePlate(pattern));
  return wrong
    ? `O caractere “${wrong[0]}” não existe em placas. Use letras, números, ? e *.`
    : null;
}
