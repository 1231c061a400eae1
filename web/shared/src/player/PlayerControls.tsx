// Under the picture: its wall clock, the bar of the period, and the buttons.
import { Crosshair, Maximize, Pause, Play, RotateCcw, RotateCw } from "lucide-react";
import { formatDateTime, formatTime, toIso } from "../time";
import { IconButton, Button } from "../ui";
import type { HlsPlayer, PlayerState } from "./HlsPlayer";
import { SeekBar } from "./SeekBar";

const RATES = [0.5, 1, 2, 4];
const SKIP_S = 10;

interface Props {
  player: HlsPlayer;
  state: PlayerState;
  timeZone: string;
  momentUtc?: number;
  onFullScreen: () => void;
}

export function PlayerControls({ player, state, timeZone, momentUtc, onFullScreen }: Props) {
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
        <IconButton
          label={`Voltar ${SKIP_S} segundos`}
          disabled={!ready}
          onClick={() => player.skip(-SKIP_S)}
        >
          <RotateCcw aria-hidden className="size-4" />
          <span aria-hidden>10</span>
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
        <IconButton
          label={`Avançar ${SKIP_S} segundos`}
          disabled={!ready}
          onClick={() => player.skip(SKIP_S)}
        >
          <span aria-hidden>10</span>
          <RotateCw aria-hidden className="size-4" />
        </IconButton>
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
          <RateButtons rate={rate} onChange={(next) => player.setRate(next)} />
          <IconButton label="Tela cheia" onClick={onFullScreen}>
            <Maximize aria-hidden className="size-4" />
          </IconButton>
        </div>
      </div>
    </div>
  );
}

function EdgeTime({ at, timeZone }: { at: number; timeZone: string }) {
  return <span className="text-xs text-ink-muted tabular-nums">{formatTime(at, timeZone)}</span>;
}

function RateButtons({ rate, onChange }: { rate: number; onChange: (rate: number) => void }) {
  return (
    <div
      role="group"
      aria-label="Velocidade"
      className="flex overflow-hidden rounded-md border border-line"
    >
      {RATES.map((option) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === rate}
          onClick={() => onChange(option)}
          className="h-8 px-2.5 text-sm text-ink-soft tabular-nums -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-deep aria-pressed:text-white"
        >
          {option.toLocaleString("pt-BR")}x
        </button>
      ))}
    </div>
  );
}
