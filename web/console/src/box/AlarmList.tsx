// What is wrong at the box, in its own words, for who opens the console after it began.
import { formatDateTime } from "@gtvision/shared/time";
import { EmptyState, ErrorState, LoadingState, Modal } from "@gtvision/shared/ui";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useAlarms } from "./queries";

interface Props {
  timeZone: string;
  onClose: () => void;
}

export function AlarmList({ timeZone, onClose }: Props) {
  const { data, error, refetch } = useAlarms();
  return (
    <Modal
      title="Alarmes da caixa"
      description="O que precisa de atenção agora; o que a gravação perdeu fica aqui por um dia"
      onClose={onClose}
      className="max-w-2xl"
    >
      <div className="overflow-auto">
        {!data &&
          (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />)}
        {data?.length === 0 && (
          <EmptyState icon={CircleCheck} title="Nenhum alarme">
            Câmeras, disco e relógio estão em ordem.
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {data?.map(({ text, since }) => (
            <li key={text} data-testid="alarm-row" className="flex gap-3 px-4 py-2.5">
              <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
              <div className="min-w-0">
                <p className="break-words">{text}</p>
                {since && (
                  <p className="text-xs text-ink-soft tabular-nums">
                    Desde {formatDateTime(since, timeZone)}
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}
