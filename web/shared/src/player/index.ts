// The player of recordings and live cameras.
export type { Phase, PlayerState } from "./engine";
export { failureFromError, type PlaybackFailure } from "./failure";
export { FailureCard } from "./FailureCard";
export { fetchHlsCode } from "./HlsPlayer";
export { Player } from "./Player";
export type { VideoSource } from "./RecordingPlayer";
export { PLAYER_KEYS } from "./playerKeys";
export { SoundButton } from "./SoundButton";
