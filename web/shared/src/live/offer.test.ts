import { describe, expect, it } from "vitest";
import { AUTOMATIC, chosenVariant, Unplayable } from "./offer";

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

  it("says so when there is none", () => {
    expect(() => chosenVariant({ qualities: [MAIN_H265] }, "main", () => false)).toThrow(
      Unplayable,
    );
  });
});
