// Under the picture: its wall clock, the bar of the period, and the buttons.
import {
  Crosshair,
  Maximize,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
  StepBack,
  StepForward,
  VolumeOff,
} from "lucide-react";
import { formatDateTime, formatTime, toIso } from "../time";
import { IconButton, Button } from "../ui";
import { SKIP_S } from "./playerKeys";
import { SoundButton } from "./SoundButton";
import type { Playback } from "./engine";
import type { EngineName, RecordingState } from "./RecordingPlayer";
import { SeekBar } from "./SeekBar";

const ENGINE_NAMES: Record<EngineName, string> = { hls: "HLS", webrtc: "WebRTC" };
const ENGINE_HINTS: Record<EngineName, string> = {
  hls: "Com o som da câmera, até 4x",
  webrtc: "Sem som, salta na hora e vai até 16x",
};

interface Props {
  player: Playback & { choose(engine: EngineName): void };
  state: RecordingState;
  timeZone: string;
  momentUtc?: number;
  muted: boolean;
  onMute: (muted: boolean) => void;
  onFullScreen: () => void;
}

export function PlayerControls({
  player,
  state,
  timeZone,
  momentUtc,
  muted,
  onMute,
  onFullScreen,
}: Props) {
  const { phase, timeUtcMs, rangeUtcMs, rate } = state;
  const ready = rangeUtcMs !== null && phase !== "failed";
  const running = phase === "playing" || phase === "buffering";

  return (
    <div className="flex flex-col gap-2 border-t border-line px-3 pt-2 pb-3">
      <div className="flex items-center gap-3">
        {rangeUtcMs && <EdgeTime at={rangeUtcMs[0]} timeZone={timeZone} />}
        <SeekBar
          rangeUtcMs={rangeUtcMs}
          timeUtcMs={timeUtcMs}
          momentUtc={momentUtc}
          timeZone={timeZone}
          onSeek={(utcMs) => player.seekUtc(utcMs)}
        />
        {rangeUtcMs && <EdgeTime at={rangeUtcMs[1]} timeZone={timeZone} />}
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <MoveButtons player={player} ready={ready} running={running} />
        <output
          data-testid="player-clock"
          aria-label="Horário da imagem"
          className="mx-2 text-base font-semibold tabular-nums"
        >
          {timeUtcMs === null ? (
            <span className="text-ink-muted">--/--/---- --:--:--</span>
          ) : (
            <time dateTime={toIso(timeUtcMs)}>{formatDateTime(timeUtcMs, timeZone)}</time>
          )}
        </output>
        <div className="ml-auto flex flex-wrap items-center gap-1.5">
          {momentUtc !== undefined && (
            <Button disabled={!ready} onClick={() => player.seekUtc(momentUtc)}>
              <Crosshair aria-hidden className="size-4" />
              Ir para o momento da leitura
            </Button>
          )}
          {state.engines.length > 1 && (
            <Choice
              label="Modo de reprodução"
              options={state.engines}
              chosen={state.engine}
              text={(name) => ENGINE_NAMES[name]}
              hint={(name) => ENGINE_HINTS[name]}
              onChange={(name) => player.choose(name)}
            />
          )}
          <Choice
            label="Velocidade"
            options={state.rates}
            chosen={rate}
            text={(option) => `${option.toLocaleString("pt-BR")}x`}
            onChange={(next) => player.setRate(next)}
          />
          <Sound player={player} sound={state.sound} muted={muted} onMute={onMute} />
          <IconButton label="Tela cheia" onClick={onFullScreen}>
            <Maximize aria-hidden className="size-4" />
          </IconButton>
        </div>
      </div>
    </div>
  );
}

interface MoveButtonsProps {
  player: Playback;
  ready: boolean;
  running: boolean;
}

function MoveButtons({ player, ready, running }: MoveButtonsProps) {
  return (
    <>
      <IconButton
        label={`Voltar ${SKIP_S} segundos`}
        disabled={!ready}
        onClick={() => player.skip(-SKIP_S)}
      >
        <RotateCcw aria-hidden className="size-4" />
        <span aria-hidden>10</span>
      </IconButton>
      <IconButton label="Imagem anterior" disabled={!ready} onClick={() => player.step(-1)}>
        <StepBack aria-hidden className="size-4" />
      </IconButton>
      <IconButton
        label={running ? "Pausar" : "Reproduzir"}
        disabled={!ready}
        onClick={() => (running ? player.pause() : player.play())}
      >
        {running ? (
          <Pause aria-hidden className="size-5 fill-current stroke-none" />
        ) : (
          <Play aria-hidden className="size-5 fill-current" />
        )}
      </IconButton>
      <IconButton label="Imagem seguinte" disabled={!ready} onClick={() => player.step(1)}>
        <StepForward aria-hidden className="size-4" />
      </IconButton>
      <IconButton
        label={`Avançar ${SKIP_S} segundos`}
        disabled={!ready}
        onClick={() => player.skip(SKIP_S)}
      >
        <span aria-hidden>10</span>
        <RotateCw aria-hidden className="size-4" />
      </IconButton>
    </>
  );
}

type SoundProps = Pick<Props, "player" | "muted" | "onMute"> & Pick<RecordingState, "sound">;

/** A picture without sound says so: a guard must not take silence for what the camera heard. */
function Sound({ player, sound, muted, onMute }: SoundProps) {
  switch (sound) {
    case "here":
      return <SoundButton muted={muted} onMute={onMute} />;
    case "hls":
      return (
        <IconButton
          label="Ouvir o som: passa para HLS"
          onClick={() => {
            player.choose("hls");
            onMute(false);
          }}
        >
          <VolumeOff aria-hidden className="size-4 text-warn" />
        </IconButton>
      );
    case "none":
      return (
        <span role="img" aria-label="Gravação sem som" title="Gravação sem som" className="px-1.5">
          <VolumeOff aria-hidden className="size-4 text-ink-muted" />
        </span>
      );
    default:
      return null;
  }
}

function EdgeTime({ at, timeZone }: { at: number; timeZone: string }) {
  return <span className="text-xs text-ink-muted tabular-nums">{formatTime(at, timeZone)}</span>;
}

interface ChoiceProps<T> {
  label: string;
  options: readonly T[];
  chosen: T;
  text: (option: T) => string;
  hint?: (option: T) => string;
  onChange: (option: T) => void;
}

function Choice<T extends string | number>({
  label,
  options,
  chosen,
  text,
  hint,
  onChange,
}: ChoiceProps<T>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex overflow-hidden rounded-md border border-line"
    >
      {options.map((option) => (
        <button
          key={option}
          type="button"
          title={hint?.(option)}
          aria-pressed={option === chosen}
          onClick={() => onChange(option)}
          className="h-8 px-2.5 text-sm text-ink-soft tabular-nums -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white max-sm:px-1.5"
        >
          {text(option)}
        </button>
      ))}
    </div>
  );
}
