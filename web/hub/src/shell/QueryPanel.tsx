// A panel for the answer of one query: loading, error, empty, or its content.
import { EmptyState, ErrorState, LoadingState } from "@gtvision/shared/ui";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props<Row> {
  query: { data: Row[] | undefined; error: Error | null; refetch: () => unknown };
  empty: { icon: LucideIcon; title: string; text: string };
  children: (rows: Row[]) => ReactNode;
}

export function QueryPanel<Row>({ query, empty, children }: Props<Row>) {
  return (
    <section className="overflow-clip rounded-lg border border-line bg-panel">
      {content({ query, empty, children })}
    </section>
  );
}

function content<Row>({ query, empty, children }: Props<Row>): ReactNode {
  const { data, error, refetch } = query;
  if (data === undefined) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
  }
  if (data.length === 0) {
    return (
      <EmptyState icon={empty.icon} title={empty.title}>
        {empty.text}
      </EmptyState>
    );
  }
  return children(data);
}
