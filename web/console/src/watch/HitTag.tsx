// What the watchlist says of a plate in a list of reads.
import { Badge, type Tone } from "@gtvision/shared/ui";
import { gravest, KIND_WORDS, type WatchKind } from "./words";

const TONES: Record<WatchKind, Tone> = { stolen: "bad", wanted: "warn", authorised: "ok" };

export function HitTag({ hits }: { hits: readonly { kind: WatchKind }[] }) {
  const kind = gravest(hits);
  return kind && <Badge tone={TONES[kind]}>{KIND_WORDS[kind].short}</Badge>;
}
