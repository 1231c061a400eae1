// The measures of a stream in words; what is not known is left out.
import type { Camera } from "../api/types";

type Measured = NonNullable<Camera["measured"]>;

const CODECS: Record<string, string> = {
  h264: "H.264",
  h265: "H.265",
  hevc: "H.265",
  aac: "AAC",
  opus: "Opus",
  pcm_mulaw: "G.711",
  pcm_alaw: "G.711",
};

/** The box counts clocks apart by more than this as drift: less is how frames come. */
const DRIFT_SHOWN_MS = 500;

/** "H.265 1920×1080 · som AAC" */
export function kindOf({ video_codec, audio_codec, width, height }: Measured): string {
  const picture = [codec(video_codec), width && height ? `${width}×${height}` : ""];
  const sound = audio_codec ? `som ${codec(audio_codec)}` : "";
  return [picture.filter(Boolean).join(" "), sound].filter(Boolean).join(" · ") || "—";
}

/** "25 fps · 2,0 Mbit/s" */
export function rateOf({ fps, bitrate_bps }: Measured): string {
  const rates = [
    fps ? `${decimal(fps, 0)} fps` : "",
    bitrate_bps ? `${decimal(bitrate_bps / 1_000_000, 1)} Mbit/s` : "",
  ];
  return rates.filter(Boolean).join(" · ");
}

/** "17 pacotes perdidos · 3 reconexões · relógio 1,2 s atrás" */
export function troubleOf({ packets_lost, reconnects, clock_drift_ms }: Measured): string {
  return [
    counted(packets_lost, "pacote perdido", "pacotes perdidos"),
    counted(reconnects, "reconexão", "reconexões"),
    drift(clock_drift_ms),
  ]
    .filter(Boolean)
    .join(" · ");
}

const codec = (name: string) => CODECS[name] ?? name;

function counted(count: number, one: string, many: string): string {
  return count ? `${count.toLocaleString("pt-BR")} ${count === 1 ? one : many}` : "";
}

function drift(driftMs: number | null): string {
  if (driftMs === null || Math.abs(driftMs) < DRIFT_SHOWN_MS) return "";
  const seconds = decimal(Math.abs(driftMs) / 1000, 1);
  return `vídeo ${seconds} s ${driftMs > 0 ? "atrasado" : "adiantado"}`;
}

const decimal = (value: number, digits: number) =>
  value.toLocaleString("pt-BR", { minimumFractionDigits: digits, maximumFractionDigits: digits });
