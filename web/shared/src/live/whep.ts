// One WebRTC viewing session by WHEP (draft-ietf-wish-whep): an offer is posted, the answer comes back,
// and the pictures arrive until somebody hangs up.
import { ApiProblem } from "../api";
import type { IceServer } from "./offer";

/** No picture after this long: whoever is between us and the box lets no UDP through. */
const FIRST_PICTURE_MS = 5000;
/** No new picture for this long: the connection is lost. */
const STALLED_MS = 4000;
const LOOK_EVERY_MS = 1000;
const FIRST_LOOK_MS = 100;
/** Sound that has not come this long after the first picture is not coming. */
const FIRST_SOUND_MS = 2000;
/** Host candidates are there at once, a TURN server's after a few round trips; more only delays the picture. */
const GATHER_MS = 500;
const GATHER_FROM_SERVERS_MS = 1500;

/** How good the picture is, measured where it is watched. */
export interface Quality {
  bitrateBps: number;
  fps: number;
  /** How far the screen is behind the box, as far as it can be measured here; null while it is not known. */
  delayMs: number | null;
  /** Of the packets that should have come, 0 to 1; null where nobody counts. */
  lostShare: number | null;
  /** How often the picture stood still since the last figures. */
  freezes: number;
}

/** Of RTCInboundRtpStreamStats (https://www.w3.org/TR/webrtc-stats/), what is used here. */
export interface Inbound {
  bytesReceived: number;
  framesReceived: number;
  framesDecoded: number;
  timestamp: number;
  /** Seconds, summed over the pictures that left the buffer. */
  jitterBufferDelay: number;
  jitterBufferEmittedCount: number;
  /** Negative where packets came twice. */
  packetsLost: number;
  packetsReceived: number;
  /** Not of every browser. */
  freezeCount?: number;
}

export class WhepSession {
  readonly stream = new MediaStream();
  private readonly peer: RTCPeerConnection;
  private readonly closing = new AbortController();
  private location: string | null = null;
  private last: Inbound | null = null;
  private arrivedAt = Date.now();
  private openedAt = Date.now();

  private constructor(
    private readonly onQuality: (quality: Quality) => void,
    iceServers: readonly IceServer[],
  ) {
    this.peer = new RTCPeerConnection({ iceServers: [...iceServers] });
    this.peer.addTransceiver("video", { direction: "recvonly" });
    this.peer.addTransceiver("audio", { direction: "recvonly" });
    this.peer.addEventListener("track", ({ track }) => this.stream.addTrack(track));
    this.peer.addEventListener("connectionstatechange", () => {
      if (this.peer.connectionState === "failed") this.close();
    });
  }

  /**
   * Whether sound comes: WebRTC knows no AAC (RFC 7874, section 3), and a server that has nothing else may
   * agree to send sound all the same. Waits for the first of it where the session is new.
   */
  async hasSound(): Promise<boolean> {
    for (;;) {
      const report = await this.peer.getStats();
      if (entriesOf(report).some(isArrivedSound)) return true;
      if (this.closing.signal.aborted || Date.now() - this.openedAt > FIRST_SOUND_MS) return false;
      await sleep(FIRST_LOOK_MS);
    }
  }

  /** A session with a first picture. Rejects with ApiProblem when the box refuses, else with an Error. */
  static async open(
    url: string,
    onQuality: (quality: Quality) => void,
    iceServers: readonly IceServer[] = [],
  ): Promise<WhepSession> {
    const session = new WhepSession(onQuality, iceServers);
    try {
      await negotiate(
        session.peer,
        url,
        session.closing.signal,
        (made) => (session.location = made),
        iceServers.length ? GATHER_FROM_SERVERS_MS : GATHER_MS,
      );
      await session.firstPicture();
      session.openedAt = Date.now();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Resolves when no more pictures come, whatever the reason. */
  async ended(): Promise<void> {
    while (!this.closing.signal.aborted) {
      await sleep(LOOK_EVERY_MS);
      await this.measure();
      // A hidden page gets no pictures decoded, and nobody misses them.
      if (document.visibilityState === "hidden") this.arrivedAt = Date.now();
      if (Date.now() - this.arrivedAt > STALLED_MS) this.close();
    }
  }

  /** Hangs up; the box is told, so that it need not notice by itself. */
  close(): void {
    this.closing.abort();
    this.peer.close();
    hangUp(this.location);
    this.location = null;
  }

  private async firstPicture(): Promise<void> {
    const deadline = Date.now() + FIRST_PICTURE_MS;
    while (!(await this.measure())) {
      if (this.closing.signal.aborted) throw new Error("the connection failed");
      if (Date.now() > deadline) throw new Error("no picture came");
      await sleep(FIRST_LOOK_MS);
    }
  }

  /** True once a picture has arrived. */
  private async measure(): Promise<boolean> {
    const report = await this.peer.getStats();
    const now = inboundVideo(report);
    if (!now) return false;
    if (now.framesReceived > (this.last?.framesReceived ?? 0)) this.arrivedAt = Date.now();
    if (this.last && now.timestamp - this.last.timestamp >= LOOK_EVERY_MS / 2) {
      this.onQuality(qualityBetween(this.last, now, roundTripS(report)));
    }
    this.last = now;
    return now.framesReceived > 0;
  }
}

/**
 * Posts a peer's offer and takes the answer. `made` hears where the session can be hung up, as soon as the
 * box has one, and the box's clock. Rejects with ApiProblem when the box refuses.
 */
export async function negotiate(
  peer: RTCPeerConnection,
  url: string,
  closing: AbortSignal,
  made: (location: string | null, boxUtcMs: number) => void,
  gatherMs = GATHER_MS,
): Promise<void> {
  await peer.setLocalDescription(await peer.createOffer());
  await gathered(peer, gatherMs);
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/sdp" },
    body: peer.localDescription?.sdp ?? "",
    signal: AbortSignal.any([closing, AbortSignal.timeout(FIRST_PICTURE_MS)]),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiProblem(response.status, parsed(text));
  const location = response.headers.get("Location");
  const boxUtcMs = Date.parse(response.headers.get("Date") ?? "") || Date.now();
  made(location && new URL(location, response.url).href, boxUtcMs);
  await peer.setRemoteDescription({ type: "answer", sdp: text });
}

function gathered(peer: RTCPeerConnection, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => peer.iceGatheringState === "complete" && resolve();
    setTimeout(resolve, withinMs);
    peer.addEventListener("icegatheringstatechange", look);
    look();
  });
}

/** Tells the box that a session is over; a box that is gone needs no telling. */
export function hangUp(location: string | null): void {
  if (location) fetch(location, { method: "DELETE", keepalive: true }).catch(() => null);
}

function inboundVideo(report: RTCStatsReport): Inbound | null {
  return entriesOf(report).find(isInboundVideo) ?? null;
}

/** There and back between this computer and the box, seconds. */
function roundTripS(report: RTCStatsReport): number {
  const pairs = entriesOf(report).filter(({ type }) => type === "candidate-pair");
  return (
    (pairs.find(({ nominated }) => nominated)?.currentRoundTripTime as number | undefined) ?? 0
  );
}

type Entry = Record<string, unknown>;

function entriesOf(report: RTCStatsReport): Entry[] {
  return [...(report as unknown as Map<string, Entry>).values()];
}

const isInboundVideo = (entry: Entry): entry is Entry & Inbound =>
  entry.type === "inbound-rtp" && entry.kind === "video";

const isArrivedSound = ({ type, kind, packetsReceived }: Entry): boolean =>
  type === "inbound-rtp" && kind === "audio" && Number(packetsReceived) > 0;

/** What arrived between two looks: per second, and how long a picture took from the box to the screen. */
export function qualityBetween(last: Inbound, now: Inbound, tripS: number): Quality {
  const seconds = (now.timestamp - last.timestamp) / 1000;
  const shown = now.jitterBufferEmittedCount - last.jitterBufferEmittedCount;
  const lost = Math.max(0, now.packetsLost - last.packetsLost);
  const expected = lost + now.packetsReceived - last.packetsReceived;
  const bufferedS = (now.jitterBufferDelay - last.jitterBufferDelay) / shown;
  return {
    bitrateBps: Math.round(((now.bytesReceived - last.bytesReceived) * 8) / seconds),
    fps: Math.round(((now.framesDecoded - last.framesDecoded) / seconds) * 10) / 10,
    delayMs: shown > 0 ? Math.round((bufferedS + tripS / 2) * 1000) : null,
    lostShare: expected > 0 ? lost / expected : null,
    freezes: (now.freezeCount ?? 0) - (last.freezeCount ?? 0),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
