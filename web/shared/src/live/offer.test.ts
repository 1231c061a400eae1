import { afterEach, describe, expect, it, vi } from "vitest";
import { AUTOMATIC, chosenVariant, playsH265, smallerVariant, Unplayable } from "./offer";

const variant = (name: string, codec: string) => ({ name, codec, whep_url: "", hls_url: "" });
const MAIN_H265 = variant("main", "h265");
const SUB_H264 = variant("sub", "h264");

describe("chosenVariant", () => {
  it("is the one that is wanted", () => {
    const offer = { qualities: [variant("main", "h264"), SUB_H264] };
    expect(chosenVariant(offer, "sub", () => false).name).toBe("sub");
  });

  it("is another where the browser has no H.265", () => {
    const offer = { qualities: [MAIN_H265, SUB_H264] };
    expect(chosenVariant(offer, "main", () => false).name).toBe("sub");
    expect(chosenVariant(offer, "main", () => true).name).toBe("main");
  });

  it("is adaptive by HLS where the box offers that and nobody wants a certain one", () => {
    const offer = { qualities: [variant("main", "h264"), SUB_H264], adaptive_url: "/all.m3u8" };
    expect(chosenVariant(offer, AUTOMATIC)).toMatchObject({ name: "main", hls_url: "/all.m3u8" });
    expect(chosenVariant(offer, "sub")).toMatchObject({ name: "sub", hls_url: "" });
    const single = { qualities: [SUB_H264], adaptive_url: null };
    expect(chosenVariant(single, AUTOMATIC)).toMatchObject({ name: "sub", hls_url: "" });
  });

  it("goes with the servers that WebRTC may need, whichever it is", () => {
    const ice_servers = [{ urls: ["turn:t.example"], username: "1:s1", credential: "x" }];
    const qualities = [variant("main", "h264"), SUB_H264];
    for (const adaptive_url of [null, "/all.m3u8"]) {
      const offer = { qualities, adaptive_url, ice_servers };
      expect(chosenVariant(offer, AUTOMATIC).ice_servers).toBe(ice_servers);
      expect(smallerVariant(offer)?.ice_servers).toBe(ice_servers);
    }
  });

  it("says so when there is none", () => {
    expect(() => chosenVariant({ qualities: [MAIN_H265] }, "main", () => false)).toThrow(
      Unplayable,
    );
  });
});

describe("playsH265", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("asks the browser under the name that the box writes", () => {
    const asked = vi.fn((type: string) => type.includes("hvc1."));
    vi.stubGlobal("MediaSource", { isTypeSupported: asked });
    expect(playsH265()).toBe(true);
  });

  it("asks a <video> where there is no MediaSource, as on an iPhone", () => {
    vi.stubGlobal("MediaSource", undefined);
    const canPlay = vi.spyOn(HTMLMediaElement.prototype, "canPlayType");
    canPlay.mockReturnValue("probably");
    expect(playsH265()).toBe(true);
    canPlay.mockReturnValue("");
    expect(playsH265()).toBe(false);
  });
});
