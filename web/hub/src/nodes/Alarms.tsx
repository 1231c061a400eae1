// What is wrong at a box, in its own words, and the footage that a full disk took early.
import { formatDateTime } from "@gtvision/shared/time";
import { Badge } from "@gtvision/shared/ui";
import type { EdgeNode } from "../api/types";

export function Alarms({ node, timeZone }: { node: EdgeNode; timeZone: string }) {
  const texts = alarmTexts(node, timeZone);
  if (texts.length === 0) return "—";
  return (
    <div className="flex flex-col items-start gap-1">
      <Badge tone="bad">{texts.length === 1 ? "1 alarme" : `${texts.length} alarmes`}</Badge>
      <ul className="max-w-80 list-disc pl-4 text-xs text-bad">
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

function alarmTexts({ alarms, forced_out_until: until }: EdgeNode, timeZone: string): string[] {
  const texts = alarms.map(({ text, since }) =>
    since ? `${text} (${formatDateTime(since, timeZone)})` : text,
  );
  if (until) {
    const missing = `Faltam gravações de até ${formatDateTime(until, timeZone)}`;
    texts.push(`${missing}: o disco encheu antes do prazo do plano.`);
  }
  return texts;
}
