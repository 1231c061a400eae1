// One request: what was asked, by when, what has been done, and what can be done next.
import { PlateBadge } from "@gtvision/shared/plates";
import { DateTime } from "@gtvision/shared/time";
import { ErrorState, LoadingState } from "@gtvision/shared/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { PrivacyRequestDetail } from "../api/types";
import { useUser } from "../auth/useUser";
import { useTimeZones } from "../cities/useCities";
import { PageHeader } from "../shell/PageHeader";
import { RequestActions } from "./RequestActions";
import { Deadline, State } from "./Requests";
import { useRequest } from "./useRequests";
import { dayText, REQUEST_KINDS, stepText } from "./words";

const route = getRouteApi("/shell/privacidade/pedidos/$pedido");

export function RequestPage() {
  const { pedido } = route.useParams();
  const { data, error, refetch } = useRequest(Number(pedido));
  const mayWork = useUser()?.role !== "auditor";
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <>
      <p className="mb-2">
        <Link to="/privacidade" className="text-accent underline">
          Pedidos de titulares
        </Link>
      </p>
      <PageHeader
        title={data.reference}
        description={`${REQUEST_KINDS[data.kind]} · ${data.city.name}`}
      >
        <State state={data.state} />
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <About request={data} />
        <div className="flex flex-col gap-4">
          {mayWork && <RequestActions key={data.state} request={data} />}
          <Steps request={data} />
        </div>
      </div>
    </>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-panel p-4">
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function About({ request }: { request: PrivacyRequestDetail }) {
  const erased = request.plate_digest !== "" && request.plate === "";
  return (
    <Panel title="O pedido">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        <Fact name="Titular">{request.requester}</Fact>
        <Fact name="Recebido em">{dayText(request.received_on)}</Fact>
        <Fact name="Prazo">
          <Deadline {...request} />
        </Fact>
        <Fact name="Placa">
          {request.plate ? <PlateBadge plate={request.plate} /> : erased ? "eliminada" : "—"}
        </Fact>
        {request.description && <Fact name="Descrição">{request.description}</Fact>}
        {request.answer && <Fact name="Resposta ao titular">{request.answer}</Fact>}
        {request.refusal_basis && <Fact name="Base legal">{request.refusal_basis_text}</Fact>}
        {request.plate_digest && <Fact name="Prova (código da placa)">{request.plate_digest}</Fact>}
        {request.report_sha256 && <Fact name="SHA-256 do relatório">{request.report_sha256}</Fact>}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="min-w-0 break-words whitespace-pre-line">{children}</dd>
    </>
  );
}

function Steps({ request }: { request: PrivacyRequestDetail }) {
  const timeZone = useTimeZones()(request.city.code);
  return (
    <Panel title="Andamento">
      <ol className="flex flex-col gap-2">
        {request.steps.map((step) => (
          <li key={step.at + step.step}>
            <p>{stepText(step)}</p>
            <p className="text-xs text-ink-soft">
              <DateTime at={step.at} timeZone={timeZone} /> · {step.by}
            </p>
          </li>
        ))}
        {request.steps.length === 0 && (
          <li className="text-ink-soft">Registrado antes de haver andamentos.</li>
        )}
      </ol>
    </Panel>
  );
}
