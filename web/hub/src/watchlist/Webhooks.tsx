// The systems of the prefeitura that alerts are posted to.
import { ApiProblem } from "@gtvision/shared/api";
import { DateTime } from "@gtvision/shared/time";
import { Badge, Button, IconButton, Modal, TextField } from "@gtvision/shared/ui";
import { Copy, Trash2, Webhook as WebhookIcon } from "lucide-react";
import { useState, type FormEvent } from "react";
import type { Webhook } from "../api/types";
import { CitySelect } from "../cities/CitySelect";
import { useTimeZones } from "../cities/useCities";
import { DataTable, type Column } from "../shell/DataTable";
import { QueryPanel } from "../shell/QueryPanel";
import { useAddWebhook, useRemoveWebhook, useWebhooks } from "./useWatchlist";

export function Webhooks() {
  const timeZoneOf = useTimeZones();
  const removing = useRemoveWebhook();
  const columns: Column<Webhook>[] = [
    { title: "Endereço", className: "min-w-52 break-all", cell: ({ url }) => url },
    { title: "Prefeitura", cell: ({ city }) => city.name },
    {
      title: "Situação",
      cell: ({ failures }) =>
        failures ? (
          <Badge tone="bad">
            Não responde ({failures} {failures === 1 ? "tentativa" : "tentativas"})
          </Badge>
        ) : (
          "Sem falhas"
        ),
    },
    { title: "Cadastrado por", cell: ({ created_by }) => created_by },
    {
      title: "Em",
      className: "tabular-nums whitespace-nowrap",
      cell: ({ created_at, city }) => <DateTime at={created_at} timeZone={timeZoneOf(city.code)} />,
    },
    {
      title: "Ações",
      className: "w-px",
      cell: ({ id, url }) => (
        <IconButton
          label={`Remover ${url}`}
          disabled={removing.isPending}
          onClick={() => confirm(`Parar de avisar ${url}?`) && removing.mutate(id)}
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      ),
    },
  ];
  return (
    <>
      <NewWebhook />
      {removing.isError && (
        <p role="alert" className="mb-3 text-bad">
          {ApiProblem.from(removing.error).detail}
        </p>
      )}
      <QueryPanel
        query={useWebhooks()}
        empty={{
          icon: WebhookIcon,
          title: "Nenhum sistema avisado",
          text: "Cada alerta pode ser enviado, assinado, a um sistema da prefeitura.",
        }}
      >
        {(webhooks) => (
          <DataTable
            label="Sistemas avisados"
            columns={columns}
            rows={webhooks}
            keyOf={({ id }) => id}
          />
        )}
      </QueryPanel>
    </>
  );
}

function NewWebhook() {
  const [city, setCity] = useState<string>();
  const [url, setUrl] = useState("");
  const adding = useAddWebhook();
  const problem = adding.isError ? ApiProblem.from(adding.error) : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    adding.mutate({ city, url: url.trim() }, { onSuccess: () => setUrl("") });
  }

  return (
    <form
      onSubmit={submit}
      className="mb-4 flex flex-wrap items-start gap-3 rounded-lg border border-line bg-panel p-3"
    >
      <CitySelect required value={city} onChange={setCity} />
      <TextField
        label="Endereço que recebe os alertas"
        type="url"
        className="min-w-0 flex-1 basis-64"
        value={url}
        onChange={({ target }) => setUrl(target.value)}
        placeholder="https://"
        hint="Público, com https; recebe JSON assinado (X-GTV-Signature)"
        error={problem?.fields.url ?? problem?.detail}
        maxLength={1000}
        required
      />
      <Button type="submit" variant="primary" className="mt-5 h-9" disabled={adding.isPending}>
        Cadastrar
      </Button>
      {adding.data && <Secret secret={adding.data.secret} onClose={adding.reset} />}
    </form>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Modal
      title="Segredo da assinatura"
      description="Mostrado só desta vez"
      onClose={onClose}
      className="max-w-lg"
    >
      <div className="flex flex-col gap-3 p-4">
        <p>
          Guarde-o no sistema que recebe os alertas: com ele se confere que um alerta veio daqui.
          Depois de fechar, não há como vê-lo de novo.
        </p>
        <code className="rounded-md border border-line bg-canvas p-3 break-all">{secret}</code>
        <div className="flex justify-end gap-2">
          <Button
            onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
          >
            <Copy aria-hidden className="size-4" />
            {copied ? "Copiado" : "Copiar"}
          </Button>
          <Button variant="primary" onClick={onClose}>
            Já guardei
          </Button>
        </div>
      </div>
    </Modal>
  );
}
