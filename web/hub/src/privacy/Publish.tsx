// The next version of a document: written once, never edited afterwards, and asked of everybody at the next login.
import { ApiProblem } from "@gtvision/shared/api";
import { Button, Modal, SelectField, TextArea } from "@gtvision/shared/ui";
import { useState, type FormEvent } from "react";
import type { LegalDocument } from "../api/types";
import { LegalText } from "./LegalText";
import {
  DOCUMENT_KINDS,
  useDocument,
  useDocuments,
  usePublish,
  useTemplates,
} from "./useDocuments";

type Kind = LegalDocument["kind"];

export function Publish({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Kind>("terms");
  const [text, setText] = useState("");
  const [preview, setPreview] = useState(false);
  const starts = useStarts(kind);
  const publishing = usePublish();
  const problem = publishing.isError ? ApiProblem.from(publishing.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    const question = `Publicar esta versão? Ela não pode ser editada depois, e cada pessoa a aceita na próxima entrada.`;
    if (confirm(question)) publishing.mutate({ kind, text }, { onSuccess: onClose });
  }

  return (
    <Modal
      title="Publicar nova versão"
      description="Cada pessoa lê e aceita a nova versão na próxima entrada"
      onClose={onClose}
      className="max-w-4xl"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 overflow-auto p-4">
        <div className="flex flex-wrap items-end gap-3">
          <SelectField
            label="Documento"
            value={kind}
            onChange={({ target }) => setKind(target.value as Kind)}
          >
            {Object.entries(DOCUMENT_KINDS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
          {starts.map(([label, start]) => (
            <Button key={label} className="h-9" onClick={() => setText(start)}>
              {label}
            </Button>
          ))}
          <Button
            className="h-9 sm:ml-auto"
            aria-pressed={preview}
            onClick={() => setPreview(!preview)}
          >
            {preview ? "Editar" : "Ver como fica"}
          </Button>
        </div>
        {preview ? (
          <section aria-label="Como fica" className="rounded-md border border-line p-4">
            <LegalText text={text} />
          </section>
        ) : (
          <TextArea
            label="Texto"
            value={text}
            onChange={({ target }) => setText(target.value)}
            hint="# título, ## subtítulo, - item de lista, **negrito**; linha vazia separa parágrafos"
            error={problem?.fields.text}
            minLength={20}
            maxLength={100_000}
            rows={16}
            required
          />
        )}
        {problem && (
          <p role="alert" className="text-bad">
            {problem.detail}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancelar</Button>
          <Button type="submit" variant="primary" disabled={publishing.isPending || text === ""}>
            Publicar
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Texts to begin with: the version in force, and the one that ships with the product. */
function useStarts(kind: Kind): [label: string, text: string][] {
  const current = useDocuments().data?.find((one) => one.kind === kind && one.current);
  const present = useDocument(current?.id).data?.text;
  const template = useTemplates(true).data?.find((one) => one.kind === kind)?.text;
  const starts: [string, string | undefined][] = [
    ["Partir da versão em vigor", present],
    ["Partir do modelo", template],
  ];
  return starts.flatMap(([label, text]) => (text ? [[label, text]] : []));
}
