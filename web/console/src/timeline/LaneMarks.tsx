// What is recorded of one camera, and its plate reads, on its lane.
import { toUtcMs } from "@gtvision/shared/time";
import type { TimelineData } from "../api/types";

interface Props {
  data: TimelineData;
  percent: (utcMs: number) => string;
}

export function LaneMarks({ data: { spans, reads }, percent }: Props) {
  return (
    <>
      {spans.map(({ start, end }) => (
        <span
          key={start}
          data-testid="timeline-span"
          className="absolute inset-y-0 bg-accent-deep/60"
          style={{ left: percent(toUtcMs(start)), right: `calc(100% - ${percent(toUtcMs(end))})` }}
        />
      ))}
      {reads.map(({ id, at, plate }) => (
        <span
          key={id}
          title={plate}
          className="absolute top-0 h-1/3 w-0.5 bg-warn"
          style={{ left: percent(toUtcMs(at)) }}
        />
      ))}
    </>
  );
}
