// Plate reads on screen.
export { PlateBadge } from "./PlateBadge";
export { PlateImage } from "./PlateImage";
export { AskPurpose, MAX_PURPOSE, PurposeField, usePurpose } from "./purpose";
export { passagesOf, readsLabel, type Passage } from "./passages";
export { ReadDetails } from "./ReadDetails";
export { formatPlate, normalizePlate, plateFormat, platePatternError } from "./plate";
export {
  confidenceLabel,
  directionLabel,
  speedLabel,
  vehicleColorLabel,
  vehicleLabel,
  vehicleTypeLabel,
  type ShownRead,
} from "./read";
export { useArrivals } from "./useArrivals";
export { useSteady } from "./useSteady";
