// Live cameras.
export type { LiveState } from "./LivePlayer";
export { AUTOMATIC, type LiveOffer, playsH265 } from "./offer";
export { useLivePlayer } from "./useLivePlayer";
export type { Quality } from "./whep";
export { decimal, shownBitRate } from "./figures";
