// The alert's sound: rings while there is something to see to, unless a person silenced it.
// A browser plays nothing before a person has clicked or typed on the page: until then it is
// blocked, which the console says, and the first click or key lifts it.

export type SirenState = "ready" | "muted" | "blocked";

/** Long enough to speak on the telephone in between. */
const REPEAT_MS = 6000;
const MUTED_KEY = "gtv.siren.muted";
/** Two tones in turn are heard as an alarm, and apart from traffic and speech. */
const TONES_HZ = [988, 740, 988, 740, 988, 740];
const TONE_S = 0.16;
const VOLUME = 0.4;
const GESTURES = ["pointerdown", "keydown"] as const;

export class Siren {
  private context: AudioContext | null = null;
  private readonly listeners = new Set<() => void>();
  private muted: boolean;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly makeContext: () => AudioContext = () => new AudioContext(),
    private readonly memory: Pick<Storage, "getItem" | "setItem"> = localStorage,
  ) {
    this.muted = memory.getItem(MUTED_KEY) === "yes";
  }

  /** From now on it can sound; returns how to end it. */
  open(): () => void {
    this.context = made(this.makeContext);
    this.context?.addEventListener("statechange", this.tell);
    for (const gesture of GESTURES) document.addEventListener(gesture, this.unblock, true);
    this.tell();
    return () => this.close();
  }

  get state(): SirenState {
    if (this.muted) return "muted";
    return this.context?.state === "running" ? "ready" : "blocked";
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.memory.setItem(MUTED_KEY, muted ? "yes" : "no");
    this.tell();
  }

  /** Rings now and again until `rest`. */
  alarm(): void {
    clearInterval(this.timer);
    this.timer = setInterval(this.ring, REPEAT_MS);
    this.ring();
  }

  rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private close(): void {
    this.rest();
    for (const gesture of GESTURES) document.removeEventListener(gesture, this.unblock, true);
    void this.context?.close();
    this.context = null;
  }

  private readonly tell = () => this.listeners.forEach((listener) => listener());

  private readonly unblock = () => {
    if (this.context?.state !== "suspended") return;
    void this.context.resume().then(() => this.timer !== undefined && this.ring());
  };

  private readonly ring = () => {
    if (this.context === null || this.state !== "ready") return;
    const gain = this.context.createGain();
    gain.gain.value = VOLUME;
    gain.connect(this.context.destination);
    TONES_HZ.forEach((frequency, number) => sound(gain, frequency, number * TONE_S));
  };
}

/** Null where the browser has no Web Audio: then the siren stays blocked, and says so. */
function made(makeContext: () => AudioContext): AudioContext | null {
  try {
    return makeContext();
  } catch {
    return null;
  }
}

function sound(gain: GainNode, frequency: number, inS: number): void {
  const { context } = gain;
  const oscillator = context.createOscillator();
  oscillator.type = "square";
  oscillator.frequency.value = frequency;
  oscillator.connect(gain);
  oscillator.start(context.currentTime + inS);
  oscillator.stop(context.currentTime + inS + TONE_S);
}
