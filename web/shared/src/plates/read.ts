// What both apps show of a plate read; the types generated from either API fit it.

export interface ShownRead {
  id: string | number;
  plate: string;
  captured_at: string;
  received_at: string;
  camera: { id: string; name: string };
  city?: { code: string; name: string };
  confidence?: number | null;
  direction?: string | null;
  lane?: number | null;
  speed_kmh?: number | null;
  vehicle_type?: string | null;
  vehicle_color?: string | null;
  image_url?: string | null;
}

const DIRECTIONS: Record<string, string> = {
  forward: "Aproximando",
  approaching: "Aproximando",
  approach: "Aproximando",
  obverse: "Aproximando",
  reverse: "Afastando",
  receding: "Afastando",
  leaving: "Afastando",
  leave: "Afastando",
};

const VEHICLE_TYPES: Record<string, string> = {
  vehicle: "Veículo",
  car: "Carro",
  sedan: "Carro",
  suv: "Utilitário",
  suvmpv: "Utilitário",
  pickuptruck: "Caminhonete",
  truck: "Caminhão",
  largetruck: "Caminhão",
  smalltruck: "Caminhão leve",
  bus: "Ônibus",
  largebus: "Ônibus",
  van: "Van",
  motorcycle: "Moto",
  twowheelvehicle: "Moto",
};

const VEHICLE_COLORS: Record<string, string> = {
  white: "branca",
  silver: "prata",
  gray: "cinza",
  black: "preta",
  red: "vermelha",
  blue: "azul",
  deepblue: "azul-escuro",
  green: "verde",
  yellow: "amarela",
  brown: "marrom",
  pink: "rosa",
  purple: "roxa",
  cyan: "ciano",
};

export const vehicleTypeLabel = (type: string | null | undefined) =>
  translated(VEHICLE_TYPES, type);

export const vehicleColorLabel = (color: string | null | undefined) =>
  translated(VEHICLE_COLORS, color);

export function directionLabel(direction: string | null | undefined): string | null {
  return translated(DIRECTIONS, direction);
}

/** "Carro, cor preta", "Carro", or null when the camera told neither. */
export function vehicleLabel(read: ShownRead): string | null {
  const type = vehicleTypeLabel(read.vehicle_type);
  const color = vehicleColorLabel(read.vehicle_color);
  if (!type) return color && `Cor ${color}`;
  return color ? `${type}, cor ${color}` : type;
}

export function confidenceLabel(confidence: number | null | undefined): string | null {
  return typeof confidence === "number" ? `${Math.round(confidence * 100)} %` : null;
}

export function speedLabel(speedKmh: number | null | undefined): string | null {
  return typeof speedKmh === "number" ? `${Math.round(speedKmh)} km/h` : null;
}

/** Cameras say "unknown" in place of nothing; a word we have no translation for is shown as it came. */
function translated(
  words: Record<string, string>,
  value: string | null | undefined,
): string | null {
  if (!value || value.toLowerCase() === "unknown") return null;
  return words[value.toLowerCase()] ?? value;
}
