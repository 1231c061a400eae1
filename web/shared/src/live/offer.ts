// What a box offers of a live camera, and which variant of it this browser can show.
import { failure, failureFromError, type PlaybackFailure } from "../player/failure";

/** GET /api/cameras/{id}/live. */
export interface LiveOffer {
  qualities: readonly Variant[];
  /** One HLS playlist of all variants; null or missing where there is one. */
  adaptive_url?: string | null;
  /** For WebRTC where UDP does not go straight through; missing on the LAN. */
  ice_servers?: readonly IceServer[];
}

export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

/** The player changes between the variants as the line allows. */
export const AUTOMATIC = "auto";

export interface Variant {
  name: string;
  /** "h264", "h265" …; empty while the box does not know it yet. */
  codec: string;
  whep_url: string;
  hls_url: string;
  /** By HLS with sound, where `hls_url` has pictures alone. */
  sound_url?: string;
  /** The offer's. */
  ice_servers?: readonly IceServer[];
}

/** No variant is one that this browser can show. */
export class Unplayable extends Error {
  readonly failure: PlaybackFailure = failure("codec");
}

/** The box no longer takes what it offered: the key is too old, or the person or camera is gone. */
export class OfferOver extends Error {
  constructor(readonly failure: PlaybackFailure) {
    super(failure.title);
  }
}

const H265 = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

/** An iPhone has no MediaSource, but plays H.265. */
export const playsH265 = (): boolean =>
  typeof MediaSource !== "undefined"
    ? MediaSource.isTypeSupported(H265)
    : document.createElement("video").canPlayType(H265) !== "";

/** The variant that is wanted, or another that can be played. Throws Unplayable. */
export function chosenVariant(
  { qualities, adaptive_url: adaptiveUrl, ice_servers }: LiveOffer,
  wanted: string,
  canH265 = playsH265,
): Variant {
  const playable = qualities.filter(({ codec }) => codec !== "h265" || canH265());
  const variant = playable.find(({ name }) => name === wanted) ?? playable[0];
  if (!variant) throw new Unplayable("no variant that this browser plays");
  return wanted === AUTOMATIC && adaptiveUrl
    ? { ...variant, ice_servers, hls_url: adaptiveUrl, sound_url: variant.hls_url }
    : { ...variant, ice_servers };
}

/** The second stream, for a line that does not take the first by WebRTC; null where there is none. */
export function smallerVariant({ qualities, ice_servers }: LiveOffer): Variant | null {
  const small = qualities.find(({ name, codec }) => name === "sub" && codec !== "h265");
  return small ? { ...small, ice_servers } : null;
}

/** Why a camera is not shown. */
export function reasonOf(error: unknown): PlaybackFailure {
  return error instanceof Unplayable || error instanceof OfferOver
    ? error.failure
    : failureFromError(error);
}
