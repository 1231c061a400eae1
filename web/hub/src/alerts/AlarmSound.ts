// The sound of an alert: three rising pairs of tones, made here, so that no file is to be loaded.
// Browsers let a page sound only after the person has touched it; until then the alarm is silent.

const TONES_HZ = [880, 1320];
const TONE_S = 0.16;
const PAIRS = 3;
const LOUDNESS = 0.35;

export class AlarmSound {
  private context: AudioContext | null = null;

  /** To be called in a click or a key press. */
  unlock(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  /** Silent while it is locked. */
  play(): void {
    const context = this.context;
    if (context?.state !== "running") return;
    for (let number = 0; number < PAIRS * TONES_HZ.length; number++) {
      const start = context.currentTime + number * TONE_S;
      tone(context, TONES_HZ[number % TONES_HZ.length] ?? 0, start);
    }
  }

  close(): void {
    void this.context?.close();
    this.context = null;
  }
}

function tone(context: AudioContext, frequencyHz: number, startS: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = "square";
  oscillator.frequency.value = frequencyHz;
  gain.gain.setValueAtTime(LOUDNESS, startS);
  // Cut off at full strength, a tone clicks.
  gain.gain.exponentialRampToValueAtTime(0.001, startS + TONE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(startS);
  oscillator.stop(startS + TONE_S);
}
