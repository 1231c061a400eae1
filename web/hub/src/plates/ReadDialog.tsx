// One read over the page it was found on: its picture and all that is known of it, and on to its recording.
import { AskPurpose, formatPlate } from "@gtvision/shared/plates";
import { formatDateTime } from "@gtvision/shared/time";
import { EmptyState, ErrorState, LoadingState, Modal } from "@gtvision/shared/ui";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useAlerts } from "../alerts/AlertsProvider";
import { isForbidden } from "../alerts/useHits";
import type { PlateRead } from "../api/types";
import { useTimeZones } from "../cities/useCities";
import { ReadPlayback } from "../playback/ReadPlayback";
import { MaskedRead } from "./MaskedRead";
import { NO_READ, type OpenRead } from "./openRead";
import { ReadDetail } from "./ReadDetail";
import { usePlateLook } from "./usePlateLook";
import { usePlateRead } from "./usePlateRead";
import { usePurpose } from "./usePurpose";

interface Props {
  open: OpenRead;
  /** The reads of the page: what is known of one before it is looked at. */
  listed: readonly PlateRead[];
  onChange: (changes: OpenRead) => void;
}

export function ReadDialog({ open: { read, em, gravacao }, listed, onChange }: Props) {
  if (read === undefined || em === undefined) return null;
  return (
    <Opened
      key={read}
      id={read}
      capturedAt={em}
      recording={gravacao === "sim"}
      listed={listed.find(({ id }) => String(id) === read)}
      onRecording={(on) => onChange({ gravacao: on ? "sim" : undefined })}
      onClose={() => onChange(NO_READ)}
    />
  );
}

interface OpenedProps {
  id: string;
  capturedAt: string;
  recording: boolean;
  listed: PlateRead | undefined;
  onRecording: (on: boolean) => void;
  onClose: () => void;
}

function Opened({ id, capturedAt, recording, listed, onRecording, onClose }: OpenedProps) {
  const timeZoneOf = useTimeZones();
  const { look, found, masked, unasked, setPurpose } = useLook(id, capturedAt, listed);
  const answer = masked ? found.data : look.data;

  if (answer && recording) {
    return <ReadPlayback read={answer} onClose={() => onRecording(false)} />;
  }
  return (
    <Modal
      {...titleOf(answer ?? listed, timeZoneOf)}
      onClose={onClose}
      className={masked || unasked ? "max-w-lg" : "max-w-[1240px]"}
    >
      {masked ? (
        <Answer query={found}>
          {(read) => (
            <MaskedRead
              read={read}
              timeZone={timeZoneOf(read.city.code)}
              onRecording={() => onRecording(true)}
            />
          )}
        </Answer>
      ) : unasked ? (
        <AskPurpose
          title="Por que você olha esta leitura?"
          action="Ver a leitura"
          onPurpose={setPurpose}
        />
      ) : (
        <Answer query={look}>
          {(read) => (
            <ReadDetail
              read={read}
              // The picture may have come since: the page's list has it, and is no further look.
              imageUrl={read.image_url ?? listed?.image_url ?? null}
              timeZone={timeZoneOf(read.city.code)}
              onRecording={() => onRecording(true)}
            />
          )}
        </Answer>
      )}
    </Modal>
  );
}

/** The read in full for a purpose or, for people whose city hides plates from them, as the search shows it. */
function useLook(id: string, capturedAt: string, listed: PlateRead | undefined) {
  const { permitted } = useAlerts();
  const [purpose, setPurpose] = usePurpose();
  const look = usePlateLook(id, capturedAt, permitted ? purpose : "");
  const masked = !permitted || isForbidden(look.error);
  const found = usePlateRead(id, capturedAt, listed, masked);
  return { look, found, masked, unasked: purpose === "", setPurpose };
}

function titleOf(read: PlateRead | null | undefined, timeZoneOf: (city: string) => string) {
  if (!read) return { title: "Leitura de placa", description: "Uma leitura e sua imagem" };
  const at = formatDateTime(read.captured_at, timeZoneOf(read.city.code));
  return {
    title: `Placa ${formatPlate(read.plate)}`,
    description: `${read.camera.name} · ${at}`,
  };
}

interface AnswerProps<Read> {
  query: { data: Read | null | undefined; error: Error | null; refetch: () => unknown };
  children: (read: Read) => ReactNode;
}

function Answer<Read>({ query: { data, error, refetch }, children }: AnswerProps<Read>) {
  if (data) return children(data);
  if (data === null) {
    return (
      <EmptyState icon={SearchX} title="Leitura não encontrada">
        Ela foi apagada pelo prazo de guarda, ou é de outra prefeitura.
      </EmptyState>
    );
  }
  return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />;
}
