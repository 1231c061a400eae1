// The periods most often searched, one click each.
import { startOfDay, toIso } from "@gtvision/shared/time";
import { Button } from "@gtvision/shared/ui";

interface Period {
  de?: string;
  ate?: string;
}

const HOUR_MS = 3_600_000;

const RANGES: [label: string, period: (now: number, timeZone: string) => Period][] = [
  ["", () => ({ de: undefined, ate: undefined })],
  ["Última hora", (now) => ({ de: toIso(now - HOUR_MS), ate: undefined })],
  ["Hoje", (now, zone) => ({ de: toIso(startOfDay(now, zone)), ate: undefined })],
  [
    "Ontem",
    (now, zone) => ({ de: toIso(startOfDay(now, zone, 1)), ate: toIso(startOfDay(now, zone)) }),
  ],
  ["7 dias", (now, zone) => ({ de: toIso(startOfDay(now, zone, 6)), ate: undefined })],
];

interface Props {
  timeZone: string;
  /** What no period at all is called. */
  all?: string;
  onPick: (period: Period) => void;
}

export function QuickRanges({ timeZone, all = "Agora", onPick }: Props) {
  return (
    <div role="group" aria-label="Períodos" className="flex flex-wrap gap-1.5">
      {RANGES.map(([label, period]) => (
        <Button key={label} onClick={() => onPick(period(Date.now(), timeZone))}>
          {label || all}
        </Button>
      ))}
    </div>
  );
}
