// What the box says of a camera's pushes: the last read, what it refused, and the camera's clock.
import { formatAge, formatDateTime, useNow } from "@gtvision/shared/time";
import { Badge } from "@gtvision/shared/ui";
import type { ReactNode } from "react";
import type { PlateFeed } from "../api/types";
import { Part } from "../nodes/Part";
import { formatMinutes } from "../vehicle/summary";

interface Props {
  reported: PlateFeed | null;
  /** Code of the camera's box. */
  node: string | null;
  timeZone: string;
}

export function Feed({ reported, node, timeZone }: Props) {
  return (
    <Part title="Como está chegando">
      {reported ? (
        <dl className="grid gap-3 sm:grid-cols-3">
          <LastRead reported={reported} timeZone={timeZone} />
          <Refused reported={reported} timeZone={timeZone} />
          <Clock offS={reported.clock_off_s} />
        </dl>
      ) : (
        <p className="text-ink-soft">{silence(node)}</p>
      )}
    </Part>
  );
}

const silence = (node: string | null): string =>
  node
    ? `A caixa ${node} ainda não disse nada desta câmera: ela não lê placas, ou a caixa está sem conexão.`
    : "A câmera não está em nenhuma caixa: as placas não têm para onde ir.";

interface FeedProps {
  reported: PlateFeed;
  timeZone: string;
}

function LastRead({ reported: { last_read_at }, timeZone }: FeedProps) {
  const now = useNow(1000);
  return (
    <Told name="Última leitura">
      {last_read_at ? (
        <>
          <Badge tone="ok">{formatAge(last_read_at, now)}</Badge>
          <Note>{formatDateTime(last_read_at, timeZone)}</Note>
        </>
      ) : (
        <Badge tone="idle">Nenhuma ainda</Badge>
      )}
    </Told>
  );
}

function Refused({ reported: { refused, refused_at, refusal }, timeZone }: FeedProps) {
  return (
    <Told name="Envios recusados em 24 h">
      <Badge tone={refused > 0 ? "bad" : "ok"}>
        {refused > 0 ? refused.toLocaleString("pt-BR") : "Nenhum"}
      </Badge>
      {refused_at && (
        <Note>
          Último em {formatDateTime(refused_at, timeZone)}. A caixa respondeu à câmera:{" "}
          <q lang="en">{refusal}</q>. O que foi enviado está na quarentena da caixa (gtv edge
          quarantine).
        </Note>
      )}
    </Told>
  );
}

function Clock({ offS }: { offS: number | null }) {
  if (offS === null) {
    return (
      <Told name="Relógio da câmera">
        <Badge tone="ok">Sem desvio conhecido</Badge>
      </Told>
    );
  }
  const off = formatMinutes(Math.abs(offS) / 60);
  return (
    <Told name="Relógio da câmera">
      <Badge tone="warn">{`${off} ${offS > 0 ? "atrasado" : "adiantado"}`}</Badge>
      <Note>
        A caixa corrige o horário das leituras, mas acerte o relógio (NTP) e o fuso da câmera.
      </Note>
    </Told>
  );
}

function Told({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="mb-1 text-xs text-ink-muted">{name}</dt>
      <dd className="flex flex-col items-start gap-1">{children}</dd>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <span className="text-xs break-words text-ink-soft">{children}</span>;
}
