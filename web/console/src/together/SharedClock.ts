// The one clock of recordings that are played together: it runs at a speed, stands, and is set. No React.

export class SharedClock {
  private utcMs: number;
  private sinceMs: number | null = null;
  private speed = 1;

  constructor(
    utcMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.utcMs = utcMs;
  }

  get isRunning(): boolean {
    return this.sinceMs !== null;
  }

  get rate(): number {
    return this.speed;
  }

  now(): number {
    return this.sinceMs === null
      ? this.utcMs
      : this.utcMs + (this.nowMs() - this.sinceMs) * this.speed;
  }

  start(): void {
    this.sinceMs ??= this.nowMs();
  }

  stop(): void {
    this.utcMs = this.now();
    this.sinceMs = null;
  }

  set(utcMs: number): void {
    this.utcMs = utcMs;
    if (this.isRunning) this.sinceMs = this.nowMs();
  }

  setRate(rate: number): void {
    this.set(this.now());
    this.speed = rate;
  }
}
