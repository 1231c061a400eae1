// Moves a <video> that plays from a buffer by one picture, back or on. No React in here.
//
// A browser seeks to times, and does not tell how long a picture lasts: cameras send 5 to 60 a second, many
// unevenly. So the picture before is that of the instant just before this one began, exactly; the picture after
// is searched for in steps that leap over none.

/** What requestVideoFrameCallback tells; a media time is where a picture begins, in seconds. */
interface Shown {
  mediaTime: number;
}

const JUST_BEFORE_S = 0.001;
/** The shortest that a picture lasts, 60 a second. */
const SHORTEST_S = 1 / 60;
/** A camera that sends fewer than 5 a second is not searched so finely: 12 seeks are a third of a second. */
const FINE_S = 1 / 5;
/** No camera leaves more between two pictures; a gap takes no time in a <video>. */
const LONGEST_S = 4;
/** Where the browser tells of no pictures (Firefox before 132), or of none after a seek. */
const USUAL_S = 1 / 25;
const PICTURE_AFTER_SEEK_MS = 250;

export class FrameStepper {
  private shownS: number | null = null;
  private waiting: (() => void) | null = null;
  private callback = 0;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly video: HTMLVideoElement) {
    this.listen();
  }

  /** Steps asked for in one breath are made one after another. */
  step(direction: 1 | -1): Promise<void> {
    this.video.pause();
    this.queue = this.queue.then(() => (direction > 0 ? this.forward() : this.back()));
    return this.queue;
  }

  stop(): void {
    this.video.cancelVideoFrameCallback?.(this.callback);
  }

  private listen(): void {
    const { video } = this;
    if (!video.requestVideoFrameCallback) return;
    this.callback = video.requestVideoFrameCallback((_, { mediaTime }: Shown) => {
      this.shownS = mediaTime;
      this.waiting?.();
      this.listen();
    });
  }

  private async back(): Promise<void> {
    const fromS = this.shownS ?? this.video.currentTime - USUAL_S;
    if (fromS > 0) await this.seek(fromS - JUST_BEFORE_S);
  }

  private async forward(): Promise<void> {
    const fromS = this.shownS;
    if (fromS === null) return this.seek(this.video.currentTime + USUAL_S);
    const limitS = Math.min(fromS + LONGEST_S, this.bufferedUntilS);
    let aheadS = SHORTEST_S;
    while (fromS + aheadS < limitS) {
      await this.seek(fromS + aheadS);
      if (this.shownS !== fromS) return;
      aheadS = aheadS < FINE_S ? aheadS + SHORTEST_S : aheadS * 1.5;
    }
  }

  /** Behind it there is nothing to be shown yet. */
  private get bufferedUntilS(): number {
    const { buffered, currentTime } = this.video;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.end(index) > currentTime) return buffered.end(index);
    }
    return currentTime;
  }

  /** Ends when the picture of that time is on screen. */
  private async seek(positionS: number): Promise<void> {
    const { video } = this;
    const shown = new Promise<void>((done) => (this.waiting = done));
    const sought = new Promise((done) => video.addEventListener("seeked", done, { once: true }));
    video.currentTime = positionS;
    await sought;
    await Promise.race([shown, new Promise((done) => setTimeout(done, PICTURE_AFTER_SEEK_MS))]);
    this.waiting = null;
  }
}
