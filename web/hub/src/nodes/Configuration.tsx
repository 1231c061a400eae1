// Whether a box runs the configuration that the hub wants, and what differs.
import { Badge } from "@gtvision/shared/ui";
import type { EdgeNode } from "../api/types";

export function Configuration({ node }: { node: EdgeNode }) {
  const { desired_revision: desired, reported_revision: reported, differences } = node;
  const applied = desired === reported && differences.length === 0;
  return (
    <div className="flex flex-col items-start gap-1">
      <Badge tone={applied ? "ok" : "warn"}>{applied ? "Em dia" : "Aguardando"}</Badge>
      <span className="text-xs text-ink-muted tabular-nums">
        revisão {reported ?? "—"} de {desired}
      </span>
      {differences.length > 0 && (
        <ul className="max-w-72 list-disc pl-4 text-xs text-warn">
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
