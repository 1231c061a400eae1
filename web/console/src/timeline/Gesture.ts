// What pointers do to a timeline: a click picks, one that drags moves it or marks a span, two zoom. No React.
import { instantAt, type Stretch } from "./view";

/** Where a pointer is: 0 at the start of the bar, 1 at its end. */
interface Point {
  id: number;
  fraction: number;
  /** For what is a click still: pixels from the page's left. */
  x: number;
}

export type Act =
  | { do: "pick"; utcMs: number }
  | { do: "show"; startUtc: number; endUtc: number }
  | { do: "mark"; fromUtc: number; toUtc: number };

/** A hand, or a finger, is not that still. */
const CLICK_PX = 6;

export class Gesture {
  private readonly points = new Map<number, Point>();
  /** What was shown when the pointers took hold of it, and where they did. */
  private held: { stretch: Stretch; points: readonly Point[] } | null = null;
  private isClick = false;
  private marks = false;

  /** `marks`: one pointer that drags marks a span. */
  down(point: Point, stretch: Stretch, marks: boolean): void {
    this.points.set(point.id, point);
    this.isClick = this.points.size === 1;
    this.marks = marks && this.isClick;
    this.hold(stretch);
  }

  move(point: Point): Act | null {
    if (!this.points.has(point.id) || !this.held) return null;
    this.points.set(point.id, point);
    const first = this.held.points[0];
    if (this.isClick && first && Math.abs(point.x - first.x) > CLICK_PX) this.isClick = false;
    if (this.isClick) return null;
    return this.marks ? this.marked() : this.shown();
  }

  up(point: Point, stretch: Stretch): Act | null {
    const wasClick = this.isClick && this.points.has(point.id);
    const act = wasClick ? this.picked(point, stretch) : null;
    this.cancel(point.id, stretch);
    return act;
  }

  cancel(id: number, stretch: Stretch): void {
    this.points.delete(id);
    this.isClick = false;
    // The finger that is left goes on from where it is.
    this.hold(stretch);
  }

  private hold(stretch: Stretch): void {
    const points = [...this.points.values()];
    this.held = points.length > 0 ? { stretch, points } : null;
  }

  private picked({ fraction }: Point, { startUtc, endUtc }: Stretch): Act {
    return { do: "pick", utcMs: instantAt(fraction, startUtc, endUtc) };
  }

  private marked(): Act | null {
    const { held } = this;
    const [from] = held?.points ?? [];
    const to = from && this.points.get(from.id);
    if (!held || !to) return null;
    const { startUtc, endUtc } = held.stretch;
    const ends = [from, to].map(({ fraction }) => instantAt(fraction, startUtc, endUtc));
    return { do: "mark", fromUtc: Math.min(...ends), toUtc: Math.max(...ends) };
  }

  /** The stretch in which the instants that the pointers took hold of lie under them again. */
  private shown(): Act | null {
    const { held } = this;
    if (!held) return null;
    const { startUtc, endUtc } = held.stretch;
    const grips = held.points.slice(0, 2).flatMap(({ id, fraction }) => {
      const now = this.points.get(id);
      return now ? [{ utcMs: startUtc + fraction * (endUtc - startUtc), at: now.fraction }] : [];
    });
    const [first, second] = grips;
    if (!first) return null;
    const apart = second ? second.at - first.at : 0;
    const lengthMs =
      second && apart !== 0 ? Math.abs((second.utcMs - first.utcMs) / apart) : endUtc - startUtc;
    const start = first.utcMs - first.at * lengthMs;
    return { do: "show", startUtc: start, endUtc: start + lengthMs };
  }
}
