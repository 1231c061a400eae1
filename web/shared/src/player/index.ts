// The player of recordings and live cameras.
export { HlsPlayer, type Phase, type PlayerState } from "./HlsPlayer";
export { failureFromError, type PlaybackFailure } from "./failure";
export { FailureCard } from "./FailureCard";
export { Player } from "./Player";
export { useHlsPlayer, type VideoSource } from "./useHlsPlayer";
