// Where one is logged in, and ending that.
import { unwrap } from "@gtvision/shared/api";
import { formatAge, useNow } from "@gtvision/shared/time";
import { Badge, Button, ErrorState, LoadingState } from "@gtvision/shared/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import type { LoginSession } from "../api/types";
import { describeBrowser } from "./browser";
import { Section } from "./Section";

const KEY = ["own-sessions"];

export function Sessions() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me/sessions", { signal })),
  });
  const queries = useQueryClient();
  const refetch = () => queries.invalidateQueries({ queryKey: KEY });
  const endOne = useMutation({
    mutationFn: (session_id: string) =>
      unwrap(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id } } })),
    onSettled: refetch,
  });
  const endOthers = useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/me/sessions")),
    onSettled: refetch,
  });
  const now = useNow(10_000);

  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <LoadingState />;
  return (
    <Section title="Sessões" className="lg:col-span-2">
      <ul className="divide-y divide-line">
        {query.data.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <Described session={session} now={now} />
            {session.current ? (
              <Badge tone="ok">Esta sessão</Badge>
            ) : (
              <Button disabled={endOne.isPending} onClick={() => endOne.mutate(session.id)}>
                Encerrar
              </Button>
            )}
          </li>
        ))}
      </ul>
      {query.data.length > 1 && (
        <Button
          className="self-start"
          disabled={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          Encerrar todas as outras
        </Button>
      )}
    </Section>
  );
}

function Described({ session, now }: { session: LoginSession; now: number }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block font-medium" title={session.device}>
        {describeBrowser(session.device)}
      </span>
      <span className="block text-xs text-ink-muted tabular-nums">
        {session.address} · usada {formatAge(session.last_seen_at, now)}
      </span>
    </span>
  );
}
