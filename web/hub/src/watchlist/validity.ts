// Whether an entry of the list is looked for now.
import type { Tone } from "@gtvision/shared/ui";
import type { WatchlistEntry } from "../api/types";

export function validityOf(
  { valid_from, valid_until }: Pick<WatchlistEntry, "valid_from" | "valid_until">,
  nowUtcMs: number,
): [tone: Tone, label: string] {
  if (valid_until !== null && Date.parse(valid_until) <= nowUtcMs) return ["idle", "Vencida"];
  if (valid_from !== null && Date.parse(valid_from) > nowUtcMs) return ["warn", "Ainda não vale"];
  return ["ok", "Valendo"];
}
