// How many requests of people concerned are late, beside the way to their page.
import type { User } from "../api/types";
import { useSummary } from "./useRequests";

export function OverdueRequests({ role }: { role: User["role"] }) {
  const overdue = useSummary(role).data?.overdue ?? 0;
  if (overdue === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-alarm px-1.5 text-xs font-bold text-white">
      {overdue}
      <span className="sr-only"> pedidos em atraso</span>
    </span>
  );
}
