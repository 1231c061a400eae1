// Plates as people type and read them.
import { describe, expect, it } from "vitest";
import { formatPlate, normalizePlate, plateFormat, platePatternError } from "./plate";
import { confidenceLabel, directionLabel, speedLabel, vehicleLabel, type ShownRead } from "./read";

describe("a plate", () => {
  it.each([
    ["ABC1D23", "mercosul", "ABC1D23"],
    ["abc1d23", "mercosul", "ABC1D23"],
    ["ABC1234", "old", "ABC-1234"],
    ["abc-1234", "old", "ABC-1234"],
    ["AB 123 CD", "other", "AB123CD"],
  ])("%s is of the format %s and shown as %s", (plate, format, shown) => {
    expect(plateFormat(plate)).toBe(format);
    expect(formatPlate(plate)).toBe(shown);
  });

  it("is searched without hyphen, spaces and lower case", () => {
    expect(normalizePlate(" abc-1?3* ")).toBe("ABC1?3*");
  });
});

describe("a searched pattern", () => {
  it.each(["", "ABC1D23", "abc-1234", "ABC?1*", "A B C"])("%j is fine", (pattern) => {
    expect(platePatternError(pattern)).toBeNull();
  });

  it("names the character that no plate has", () => {
    expect(platePatternError("ABC%1")).toContain("“%”");
    expect(platePatternError("ÁBC")).toContain("“Á”");
  });
});

describe("what a camera says of a vehicle", () => {
  const read: ShownRead = {
    id: 1,
    plate: "ABC1D23",
    captured_at: "2026-11-24T02:17:08Z",
    received_at: "2026-11-24T02:17:08Z",
    camera: { id: "c", name: "Praça" },
  };

  it("is told in Portuguese", () => {
    expect(directionLabel("reverse")).toBe("Afastando");
    expect(speedLabel(41.6)).toBe("42 km/h");
    expect(confidenceLabel(0.934)).toBe("93 %");
    expect(vehicleLabel({ ...read, vehicle_type: "Truck", vehicle_color: "white" })).toBe(
      "Caminhão, cor branca",
    );
    expect(vehicleLabel({ ...read, vehicle_color: "red" })).toBe("Cor vermelha");
  });

  it("is nothing when it does not know, and its own word when we have none", () => {
    expect(directionLabel("unknown")).toBeNull();
    expect(speedLabel(null)).toBeNull();
    expect(confidenceLabel(undefined)).toBeNull();
    expect(vehicleLabel(read)).toBeNull();
    expect(vehicleLabel({ ...read, vehicle_type: "tractor" })).toBe("tractor");
  });
});
