// An instant on screen, readable by machines as UTC.
import { formatDateTime, toIso, toUtcMs, type Instant } from "./format";

interface Props {
  at: Instant;
  timeZone: string;
  className?: string;
}

export function DateTime({ at, timeZone, className }: Props) {
  return (
    <time dateTime={toIso(toUtcMs(at))} className={className}>
      {formatDateTime(at, timeZone)}
    </time>
  );
}
