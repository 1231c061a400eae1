// A camera's plate settings: what is typed, what is changed by it, and what goes into the camera's own menu.
import { expect, it } from "vitest";
import type { PlateSource } from "../api/types";
import { pushAddresses } from "./address";
import { changesOf, draftOf } from "./draft";

const SOURCE: PlateSource = {
  vendor: "generic",
  token_set: true,
  digest_username: "portaria",
  allowed_sources: ["10.1.2.0/24"],
  by_address: false,
  pull: "",
  http_port: 80,
  mapping: { plate: "alpr.0.plate", confidence: "conf" },
  time_format: "epoch_s",
  reported: null,
  etag: "e",
};

it("changes nothing when nothing was typed, however the mapping was stored", () => {
  const reordered = { confidence: "conf", plate: "alpr.0.plate" };
  expect(changesOf(draftOf({ ...SOURCE, mapping: reordered }), SOURCE)).toEqual({});
  expect(changesOf(draftOf(SOURCE), SOURCE)).toEqual({});
});

it("sends only what was typed", () => {
  const draft = { ...draftOf(SOURCE), addresses: " 10.1.2.7, 10.1.3.0/24\n2001:db8::7 " };
  expect(changesOf(draft, SOURCE)).toEqual({
    allowed_sources: ["10.1.2.7", "10.1.3.0/24", "2001:db8::7"],
  });
  expect(changesOf({ ...draftOf(SOURCE), password: "s3nha-nova" }, SOURCE)).toEqual({
    digest_password: "s3nha-nova",
  });
  expect(changesOf({ ...draftOf(SOURCE), mapping: { plate: "p", lane: " " } }, SOURCE)).toEqual({
    mapping: { plate: "p" },
  });
});

it("takes away with another maker what that maker's cameras do not have", () => {
  expect(changesOf({ ...draftOf(SOURCE), vendor: "hikvision" }, SOURCE)).toEqual({
    vendor: "hikvision",
    mapping: {},
    time_format: "iso",
  });
  const pulled: PlateSource = { ...SOURCE, vendor: "intelbras", mapping: {}, pull: "dahua" };
  expect(changesOf({ ...draftOf(pulled), vendor: "axis", timeFormat: "" }, pulled)).toMatchObject({
    pull: "",
  });
});

it("tells the camera's menu the box on each of its networks", () => {
  const [first, second] = pushAddresses("hikvision", ["10.1.2.3:8081", "192.168.0.9:8081"]);
  expect(first).toEqual({
    host: "10.1.2.3",
    port: "8081",
    path: "/lpr/hikvision",
    url: "http://10.1.2.3:8081/lpr/hikvision",
  });
  expect(second?.host).toBe("192.168.0.9");
});

it("knows the address that is fixed in a firmware, and a box that has not said where it is", () => {
  expect(pushAddresses("intelbras", ["10.1.2.3:8081"])[0]?.path).toBe(
    "/NotificationInfo/TollgateInfo",
  );
  expect(pushAddresses("", [])[0]?.url).toBe("http://IP-DA-CAIXA:8081/lpr/FABRICANTE");
});
