// What a person types of a camera becomes what the hub takes, and nothing that was not touched is changed.
import { describe, expect, it } from "vitest";
import type { Camera } from "../api/types";
import { draftOf, EMPTY, toChange, toNewCamera, wrongWith } from "./draft";

const CAMERA = {
  name: "Praça",
  transport: "auto",
  node: "caixa-02",
  home_node: "caixa-01",
  latitude: -22.6871,
  longitude: -45.7322,
} as Camera;

describe("a new camera", () => {
  const draft = { ...EMPTY, name: " Praça ", rtspUrl: "rtsp://10.0.0.21/1" };

  it("goes to the nearest box unless one is named, or none", () => {
    expect(toNewCamera(draft, undefined, false)).not.toHaveProperty("node");
    expect(toNewCamera({ ...draft, node: "caixa-01" }, undefined, false).node).toBe("caixa-01");
    expect(toNewCamera({ ...draft, node: "" }, undefined, false).node).toBeNull();
  });

  it("has its place in degrees, however they are written", () => {
    const placed = { ...draft, latitude: "-22,6871", longitude: "-45.7322" };
    expect(toNewCamera(placed, "sao-bento", true)).toMatchObject({
      city: "sao-bento",
      name: "Praça",
      latitude: -22.6871,
      longitude: -45.7322,
      lpr: true,
    });
    expect(toNewCamera(draft, undefined, false).latitude).toBeNull();
  });
});

describe("a change", () => {
  it("of nothing is empty: the box that a camera belongs to is not the one that has it for now", () => {
    expect(toChange(draftOf(CAMERA), CAMERA, false)).toEqual({});
  });

  it("names what differs, and an address only when one is typed", () => {
    const draft = { ...draftOf(CAMERA), name: "Praça da Matriz", longitude: "-45,7" };
    expect(toChange(draft, CAMERA, false)).toEqual({
      name: "Praça da Matriz",
      latitude: -22.6871,
      longitude: -45.7,
    });
    expect(toChange({ ...draftOf(CAMERA), rtspUrl: "rtsp://a/1" }, CAMERA, true)).toEqual({
      rtsp_url: "rtsp://a/1",
      sub_rtsp_url: "",
    });
  });
});

describe("a place", () => {
  it.each([
    ["-22,6871", "-45,7322", []],
    ["", "", []],
    ["-22,6871", "", ["latitude"]],
    ["91", "181", ["latitude", "longitude"]],
    ["sul", "-45", ["latitude"]],
  ])("of %s and %s has %j wrong with it", (latitude, longitude, fields) => {
    expect(Object.keys(wrongWith({ ...EMPTY, latitude, longitude }))).toEqual(fields);
  });
});
