// A camera's plate settings as they are typed, and what is to be changed of those that are stored.
import type { PlateSource } from "../api/types";
import type { SourceChange } from "./useSource";

export interface Draft {
  vendor: string;
  username: string;
  /** Empty: the present one stays. */
  password: string;
  /** Addresses and networks with commas or spaces between them. */
  addresses: string;
  byAddress: boolean;
  pull: boolean;
  httpPort: string;
  /** By our names of fields; empty: as in our own format. */
  mapping: Readonly<Record<string, string>>;
  timeFormat: string;
}

export function draftOf(source: PlateSource): Draft {
  return {
    vendor: source.vendor,
    username: source.digest_username,
    password: "",
    addresses: source.allowed_sources.join(", "),
    byAddress: source.by_address,
    pull: source.pull !== "",
    httpPort: String(source.http_port),
    mapping: source.mapping,
    timeFormat: source.time_format,
  };
}

/** Those makers' cameras may be asked for their reads instead of pushing them. */
export const mayBePulled = (vendor: string): boolean => ["", "dahua", "intelbras"].includes(vendor);

/** Whose JSON may be another than ours. */
export const mayBeMapped = (vendor: string): boolean => ["", "generic"].includes(vendor);

/** Only what differs: what somebody else sets meanwhile is not put back. */
export function changesOf(draft: Draft, source: PlateSource): SourceChange {
  const stored: Record<string, unknown> = settingsOf(draftOf(source));
  const changed = Object.entries(settingsOf(draft)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name]),
  );
  return {
    ...Object.fromEntries(changed),
    ...(draft.password ? { digest_password: draft.password } : {}),
  };
}

function settingsOf(draft: Draft) {
  const mapped = mayBeMapped(draft.vendor);
  return {
    vendor: draft.vendor,
    digest_username: draft.username.trim(),
    allowed_sources: draft.addresses.split(/[\s,;]+/).filter(Boolean),
    by_address: draft.byAddress,
    pull: draft.pull && mayBePulled(draft.vendor) ? "dahua" : "",
    http_port: Number(draft.httpPort),
    mapping: mapped ? withoutEmpty(draft.mapping) : {},
    time_format: (mapped && draft.timeFormat.trim()) || "iso",
  };
}

/** In the order of the fields' names: the same mapping is the same however it was typed. */
function withoutEmpty(mapping: Draft["mapping"]): Record<string, string> {
  const filled = Object.entries(mapping).map(([field, path]) => [field, path.trim()] as const);
  return Object.fromEntries(filled.filter(([, path]) => path).sort());
}
