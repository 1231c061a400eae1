// Positions on the globe as positions on a drawing: few kilometres, north up, the same scale both ways.

export interface Position {
  latitude: number;
  longitude: number;
}

export interface Size {
  width: number;
  height: number;
  /** Kept free on each side. */
  margin: number;
}

export interface Projection {
  place: (position: Position) => { x: number; y: number };
  metresPerUnit: number;
}

/** Length of a degree of latitude on the mean sphere (radius 6,371 km). */
const METRES_PER_DEGREE = 111_195;
/** One camera alone is not shown at the scale of its pole. */
const LEAST_SPAN_M = 400;

/** Fits all positions; equirectangular around their middle, which is exact enough for a city. */
export function projectionOf(positions: readonly Position[], size: Size): Projection {
  const latitude = middle(positions.map((position) => position.latitude));
  const longitude = middle(positions.map((position) => position.longitude));
  const east = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  const spanOf = (values: number[]) =>
    Math.max(LEAST_SPAN_M, Math.max(...values) - Math.min(...values));
  const metresPerUnit = Math.max(
    spanOf(positions.map((position) => position.longitude * east)) / (size.width - 2 * size.margin),
    spanOf(positions.map((position) => position.latitude * METRES_PER_DEGREE)) /
      (size.height - 2 * size.margin),
  );
  return {
    metresPerUnit,
    place: (position) => ({
      x: size.width / 2 + ((position.longitude - longitude) * east) / metresPerUnit,
      y: size.height / 2 - ((position.latitude - latitude) * METRES_PER_DEGREE) / metresPerUnit,
    }),
  };
}

function middle(values: number[]): number {
  return values.length === 0 ? 0 : (Math.max(...values) + Math.min(...values)) / 2;
}

/** A round length for a scale bar of at most so many units: 1, 2 or 5 times a power of ten. */
export function scaleBar(
  metresPerUnit: number,
  mostUnits: number,
): { metres: number; units: number } {
  const most = metresPerUnit * mostUnits;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((times) => times * power <= most) ?? 1) * power;
  return { metres, units: metres / metresPerUnit };
}
