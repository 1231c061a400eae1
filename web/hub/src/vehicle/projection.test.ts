// A path is drawn where it was: north up, east right, nothing outside of the drawing.
import { expect, it } from "vitest";
import { projectionOf, scaleBar } from "./projection";

const SIZE = { width: 800, height: 400, margin: 40 };
const south = { latitude: -23.56, longitude: -46.66 };
const northEast = { latitude: -23.54, longitude: -46.6 };

it("puts north up, east right, and all of it inside the margin", () => {
  const { place } = projectionOf([south, northEast], SIZE);
  const [from, to] = [place(south), place(northEast)];
  expect(to.x).toBeGreaterThan(from.x);
  expect(to.y).toBeLessThan(from.y);
  expect(from.x).toBeCloseTo(40);
  expect(to.x).toBeCloseTo(760);
  for (const { y } of [from, to]) expect(y >= 40 && y <= 360).toBe(true);
});

it("has one scale both ways", () => {
  const { place, metresPerUnit } = projectionOf([south, northEast], SIZE);
  const rise = place(south).y - place({ ...south, latitude: -23.55 }).y;
  expect(rise * metresPerUnit).toBeCloseTo(1111.95, 0);
});

it("puts one camera in the middle, with something around it", () => {
  const { place, metresPerUnit } = projectionOf([south, south], SIZE);
  expect(place(south)).toEqual({ x: 400, y: 200 });
  expect(metresPerUnit).toBeCloseTo(400 / 320);
});

it.each([
  [7.3, 100, 500],
  [2.5, 100, 200],
  [19, 100, 1000],
])("at %d m a unit, a bar of %d units tells %d m", (metresPerUnit, units, metres) => {
  expect(scaleBar(metresPerUnit, units).metres).toBe(metres);
});
