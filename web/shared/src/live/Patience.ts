// How long a live picture by HLS may stand still before the box is asked anew.

const HLS_FIRST_PICTURE_MS = 12_000;
/** A picture that stands still for this long is no live picture: the box is asked anew. */
const HLS_STALLED_MS = 10_000;

/** A hidden page is shown nothing, and nobody misses it. */
export class Patience {
  private endsAt = Date.now() + HLS_FIRST_PICTURE_MS;
  private shownUtcMs: number | null = null;

  isOver(timeUtcMs: number | null): boolean {
    if (timeUtcMs !== this.shownUtcMs || (timeUtcMs !== null && isHidden()))
      this.endsAt = Date.now() + HLS_STALLED_MS;
    this.shownUtcMs = timeUtcMs;
    return Date.now() > this.endsAt;
  }
}

export const isHidden = () => document.visibilityState === "hidden";
