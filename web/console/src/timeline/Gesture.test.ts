// Pointers on a timeline of a hundred seconds that is a hundred pixels wide.
import { expect, it } from "vitest";
import { type Act, Gesture } from "./Gesture";

const SHOWN = { startUtc: 0, endUtc: 100_000 };
const point = (x: number, id = 1) => ({ id, fraction: x / 100, x });

function drag(gesture: Gesture, marks: boolean, ...places: number[]): (Act | null)[] {
  const [first = 0, ...others] = places;
  gesture.down(point(first), SHOWN, marks);
  return others.map((x) => gesture.move(point(x)));
}

it("a click picks the moment under it, also of a hand that trembles", () => {
  const gesture = new Gesture();
  expect(drag(gesture, false, 30, 33, 31)).toEqual([null, null]);
  expect(gesture.up(point(31), SHOWN)).toEqual({ do: "pick", utcMs: 31_000 });
});

it("a drag moves the timeline with the pointer, and picks nothing", () => {
  const gesture = new Gesture();
  expect(drag(gesture, false, 30, 50)).toEqual([{ do: "show", startUtc: -20_000, endUtc: 80_000 }]);
  expect(gesture.up(point(50), SHOWN)).toBeNull();
});

it("a drag marks a span where spans are marked, in either direction", () => {
  expect(drag(new Gesture(), true, 30, 70)).toEqual([
    { do: "mark", fromUtc: 30_000, toUtc: 70_000 },
  ]);
  expect(drag(new Gesture(), true, 70, 30)).toEqual([
    { do: "mark", fromUtc: 30_000, toUtc: 70_000 },
  ]);
});

it("two fingers that part show less time, and what each holds stays under it", () => {
  const gesture = new Gesture();
  gesture.down(point(40, 1), SHOWN, false);
  gesture.down(point(60, 2), SHOWN, false);
  gesture.move(point(30, 1));
  const act = gesture.move(point(80, 2));
  // 20 s are 50 pixels now: 40 s in all, and second 40 lies at 30 %.
  expect(act).toEqual({ do: "show", startUtc: 28_000, endUtc: 68_000 });
});

it("the finger that stays after a pinch moves the timeline, and picks nothing when it goes", () => {
  const gesture = new Gesture();
  gesture.down(point(40, 1), SHOWN, false);
  gesture.down(point(60, 2), SHOWN, false);
  expect(gesture.up(point(60, 2), SHOWN)).toBeNull();
  expect(gesture.move(point(50, 1))).toEqual({ do: "show", startUtc: -10_000, endUtc: 90_000 });
  expect(gesture.up(point(50, 1), SHOWN)).toBeNull();
});

it("a pointer that only passes over does nothing", () => {
  expect(new Gesture().move(point(10))).toBeNull();
});
