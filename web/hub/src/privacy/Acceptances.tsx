// Who has accepted a version, when and from where.
import { formatDateTime } from "@gtvision/shared/time";
import { Modal } from "@gtvision/shared/ui";
import { UserCheck } from "lucide-react";
import type { LegalDocument } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { DataTable } from "../shell/DataTable";
import { LoadMore } from "../shell/LoadMore";
import { QueryPanel } from "../shell/QueryPanel";
import { DOCUMENT_KINDS, useAcceptances } from "./useDocuments";

export function Acceptances({
  document,
  onClose,
}: {
  document: LegalDocument;
  onClose: () => void;
}) {
  const query = useAcceptances(document.id);
  const timeZone = useTimeZones()();
  return (
    <Modal
      title={`Quem aceitou: ${DOCUMENT_KINDS[document.kind]}`}
      description={`Versão ${document.version}`}
      onClose={onClose}
      className="max-w-3xl"
    >
      <div className="overflow-auto p-4">
        <QueryPanel
          query={{ ...query, data: query.data?.pages.flatMap(({ results }) => results) }}
          empty={{
            icon: UserCheck,
            title: "Ninguém ainda",
            text: "O aceite é pedido a cada pessoa na próxima entrada.",
          }}
        >
          {(rows) => (
            <>
              <DataTable
                label="Aceites"
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  { title: "Pessoa", cell: ({ name, username }) => `${name} (${username})` },
                  { title: "Prefeitura", cell: ({ city }) => city ?? "Central" },
                  {
                    title: "Quando",
                    className: "tabular-nums whitespace-nowrap",
                    cell: ({ accepted_at }) => formatDateTime(accepted_at, timeZone),
                  },
                  { title: "De onde", cell: ({ address }) => address || "—" },
                ]}
              />
              <LoadMore query={query} />
            </>
          )}
        </QueryPanel>
      </div>
    </Modal>
  );
}
