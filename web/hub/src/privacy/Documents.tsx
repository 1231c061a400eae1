// Terms of use and privacy policy: their versions, and what the person has accepted; admins publish the next one.
import { ApiProblem } from "@gtvision/shared/api";
import { formatDateTime } from "@gtvision/shared/time";
import { Badge, Button, ErrorState, LoadingState, Modal } from "@gtvision/shared/ui";
import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import type { LegalDocument } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { QueryPanel } from "../shell/QueryPanel";
import { Acceptances } from "./Acceptances";
import { LegalText } from "./LegalText";
import type { PartProps } from "./PrivacyPage";
import { Publish } from "./Publish";
import {
  DOCUMENT_KINDS,
  useAccept,
  useDocument,
  useDocuments,
  useOwnAcceptances,
} from "./useDocuments";

export function Documents({ user }: PartProps) {
  const [publishing, setPublishing] = useState(false);
  const [reading, setReading] = useState<LegalDocument | null>(null);
  const [asking, setAsking] = useState<LegalDocument | null>(null);
  const seesWho = user.role === "admin" || user.role === "auditor";
  return (
    <>
      {user.role === "admin" && (
        <div className="mb-4 flex justify-end">
          <Button variant="primary" className="h-9" onClick={() => setPublishing(true)}>
            <Plus aria-hidden className="size-4" />
            Publicar nova versão
          </Button>
        </div>
      )}
      <QueryPanel
        query={useDocuments()}
        empty={{
          icon: FileText,
          title: "Nada publicado",
          text: "Sem termos e política publicados, nada é pedido a quem entra.",
        }}
      >
        {(documents) => (
          <ul aria-label="Documentos">
            {documents.map((document) => (
              <Version
                key={document.id}
                document={document}
                onRead={() => setReading(document)}
                onAsk={seesWho ? () => setAsking(document) : undefined}
              />
            ))}
          </ul>
        )}
      </QueryPanel>
      {publishing && <Publish onClose={() => setPublishing(false)} />}
      {reading && <Reading document={reading} onClose={() => setReading(null)} />}
      {asking && <Acceptances document={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

interface VersionProps {
  document: LegalDocument;
  onRead: () => void;
  onAsk?: () => void;
}

function Version({ document, onRead, onAsk }: VersionProps) {
  const { id, kind, version, current, published_at, sha256 } = document;
  const timeZone = useTimeZones()();
  const own = useOwnAcceptances().data;
  const accepted = own?.accepted.find((one) => one.document === id);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2.5 last:border-b-0">
      <span className="min-w-0 flex-1 basis-64">
        <span className="block font-medium">
          {DOCUMENT_KINDS[kind]}, versão {version}
        </span>
        <span className="block text-xs text-ink-soft">
          Publicada em {formatDateTime(published_at, timeZone)}
          {accepted && ` · aceita por você em ${formatDateTime(accepted.accepted_at, timeZone)}`}
        </span>
        <span className="block text-xs break-all text-ink-muted">SHA-256 {sha256}</span>
      </span>
      <Badge tone={current ? "ok" : "idle"}>{current ? "Em vigor" : "Anterior"}</Badge>
      {own?.pending.includes(id) && <Badge tone="warn">Falta você aceitar</Badge>}
      <span className="flex gap-2">
        <Button aria-label={`Ler ${DOCUMENT_KINDS[kind]}, versão ${version}`} onClick={onRead}>
          Ler
        </Button>
        {onAsk && (
          <Button
            aria-label={`Quem aceitou ${DOCUMENT_KINDS[kind]}, versão ${version}`}
            onClick={onAsk}
          >
            Quem aceitou
          </Button>
        )}
      </span>
    </li>
  );
}

function Reading({ document, onClose }: { document: LegalDocument; onClose: () => void }) {
  const { data, error, refetch } = useDocument(document.id);
  const pending = useOwnAcceptances().data?.pending.includes(document.id);
  const accepting = useAccept();
  return (
    <Modal
      title={DOCUMENT_KINDS[document.kind]}
      description={`Versão ${document.version}`}
      onClose={onClose}
      className="max-w-3xl"
    >
      <div className="overflow-auto p-4">
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!error && !data && <LoadingState />}
        {data && <LegalText text={data.text} />}
      </div>
      {pending && (
        <footer className="flex flex-wrap items-center justify-end gap-3 border-t border-line p-4">
          {accepting.isError && (
            <p role="alert" className="text-bad">
              {ApiProblem.from(accepting.error).detail}
            </p>
          )}
          <Button
            variant="primary"
            disabled={accepting.isPending}
            onClick={() => accepting.mutate(document, { onSuccess: onClose })}
          >
            Li e aceito
          </Button>
        </footer>
      )}
    </Modal>
  );
}
