// What is asked after a login when terms or privacy policy are new: one document after the other, read and accepted.
import { ApiProblem } from "@gtvision/shared/api";
import { DEFAULT_TIME_ZONE, formatDate } from "@gtvision/shared/time";
import { Brand, Button, ErrorState, LoadingState } from "@gtvision/shared/ui";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { session } from "../api/client";
import type { LegalDocumentText } from "../api/types";
import { useUser } from "../auth/useUser";
import { LegalText } from "./LegalText";
import { DOCUMENT_KINDS, useAccept, useDocument, useOwnAcceptances } from "./useDocuments";

export function AcceptPage() {
  const { voltar } = useSearch({ from: "/aceite" });
  const router = useRouter();
  const { document, left, error, retry } = useNextDocument();

  useEffect(() => {
    if (left !== 0) return;
    session.accepted();
    // With its filters and open video, as it was asked for.
    router.history.replace(voltar ?? "/");
  }, [left, router, voltar]);

  return (
    <main className="mx-auto w-full max-w-3xl p-3 sm:p-6">
      <div className="rounded-xl border border-line bg-panel shadow-2xl shadow-black/60">
        {error ? (
          <ErrorState error={error} onRetry={retry} />
        ) : document ? (
          <OneDocument key={document.id} document={document} left={left ?? 1} />
        ) : (
          <LoadingState />
        )}
      </div>
    </main>
  );
}

/** The first of those that wait, and how many there are. */
function useNextDocument() {
  const own = useOwnAcceptances();
  const pending = own.data?.pending;
  const { data, error, refetch } = useDocument(pending?.[0]);
  return {
    document: pending?.includes(data?.id ?? 0) ? data : undefined,
    left: pending?.length,
    error: own.error ?? error,
    retry: () => void Promise.all([own.refetch(), refetch()]),
  };
}

function OneDocument({ document, left }: { document: LegalDocumentText; left: number }) {
  const [read, setRead] = useState(false);
  const accepting = useAccept();
  const timeZone = useUser()?.city?.timezone ?? DEFAULT_TIME_ZONE;
  const name = DOCUMENT_KINDS[document.kind];
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line p-4">
        <Brand />
        <h1 className="mr-auto font-semibold">{name}</h1>
        <p className="text-xs text-ink-soft">
          Versão {document.version}, de {formatDate(document.published_at, timeZone)}
        </p>
      </header>
      <section aria-label={name} className="p-4">
        <LegalText text={document.text} />
      </section>
      <footer className="sticky bottom-0 flex flex-wrap items-center gap-3 rounded-b-xl border-t border-line bg-panel p-4">
        <label className="flex min-w-0 flex-1 basis-64 items-center gap-2">
          <input
            type="checkbox"
            checked={read}
            onChange={({ target }) => setRead(target.checked)}
          />
          Li e aceito este documento
        </label>
        {left > 1 && <p className="text-xs text-ink-muted">Depois deste, mais {left - 1}</p>}
        <Button onClick={() => void session.logout().catch(() => undefined)}>Sair</Button>
        <Button
          variant="primary"
          disabled={!read || accepting.isPending}
          onClick={() => accepting.mutate(document)}
        >
          Aceitar
        </Button>
        {accepting.isError && (
          <p role="alert" className="w-full text-bad">
            {ApiProblem.from(accepting.error).detail}
          </p>
        )}
      </footer>
    </>
  );
}
