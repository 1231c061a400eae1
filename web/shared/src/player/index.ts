// The player of recordings and live cameras.
export type { Phase, Playback, PlayerState } from "./engine";
export { failureFromError, type PlaybackFailure } from "./failure";
export { FailureCard } from "./FailureCard";
export { fetchHlsCode } from "./HlsPlayer";
export { Player } from "./Player";
export {
  type EngineName,
  IDLE_RECORDING,
  RATES,
  RecordingPlayer,
  type RecordingState,
  type VideoSource,
} from "./RecordingPlayer";
export { PLAYER_KEYS, usePlayerKeys } from "./playerKeys";
export { PlayerControls } from "./PlayerControls";
export { SoundButton } from "./SoundButton";
export { useRecordingPlayer } from "./useRecordingPlayer";
