"""Records one camera: connect, demux, write fragments, report; reconnect for ever.

Runs in a thread of a worker process (libavformat releases the GIL while it
reads), and tells the supervisor everything through `report`.
"""

import errno
import random
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TypeGuard

import av
import structlog
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge_agent.clock import now_us
from edge_agent.recording.disk import Disk, DiskFailure, DiskTooSlow, Lane
from edge_agent.recording.domain import backoff_s, keyframe_timeout_s, redact_url
from edge_agent.recording.events import CameraSource, Measured, StateChanged
from edge_agent.recording.meter import LossLog, Meter
from edge_agent.recording.session import Report, SessionWriter, StreamError
from edge_agent.recording.tap import LiveTap

log = structlog.get_logger()

#: A stream that gives no picture for this long is dead.
READ_TIMEOUT_S = 10.0
OPEN_TIMEOUT_S = 10.0

#: Guessing a frame rate would delay the first packet by seconds, and nothing here needs it.
_OPTIONS = {"fpsprobesize": "0"}
_NAMES = {"hevc": "h265"}


class CameraRecorder(threading.Thread):
    """One camera's recording, until `stop()`."""

    def __init__(
        self,
        source: CameraSource,
        folder: Path,
        not_before_us: int,
        report: Report,
        disk: Disk,
        tap: LiveTap | None = None,
    ) -> None:
        super().__init__(name=f"camera-{source.id}", daemon=True)
        self.source = source
        self._folder = folder
        self._end_us = not_before_us
        self._report = report
        self._disk = disk
        self._tap = tap
        self._stopping = threading.Event()
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret
        # Interleaved TCP loses no packets; UDP when it is wanted, or the camera has nothing else.
        self._transport = "udp" if source.transport == "udp" else "tcp"
        self._sessions = 0
        self._packets_lost = 0

    def stop(self) -> None:
        """Ask to finish; the current file is closed at the next packet or time-out."""
        self._stopping.set()

    def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._report(StateChanged(self.source.id, "connecting", ""))
            sessions = self._sessions
            try:
                self._record_session()
                reason, detail = "A câmera encerrou a transmissão.", ""
            except (av.FFmpegError, OSError, StreamError) as error:
                if self._falls_back(error):
                    continue
                reason, detail = explain(error), redact_url(str(error))
            failures = failures + 1 if self._sessions == sessions else 0
            if self._stopping.is_set():
                return
            self._report(StateChanged(self.source.id, "offline", reason))
            log.warning("camera_offline", camera=self.source.id, detail=detail, failures=failures)
            self._stopping.wait(backoff_s(failures, self._rng))

    def _falls_back(self, error: Exception) -> bool:
        """Whether to try again at once by UDP: TCP was refused and is not insisted on."""
        refused = self.source.transport == "auto" and self._transport == "tcp" and refused_transport(error)
        if refused:
            log.info("camera_without_tcp", camera=self.source.id)
            self._transport = "udp"
        return refused

    def _record_session(self) -> None:
        """One connection, from RTSP DESCRIBE until it ends or fails."""
        with ExitStack() as stack:
            losses = stack.enter_context(LossLog()) if self._transport == "udp" else None
            stream = stack.enter_context(
                av.open(
                    self.source.rtsp_url,
                    options=_OPTIONS | {"rtsp_transport": self._transport},
                    timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
                )
            )
            check_recordable(stream)
            lane = self._disk.lane()
            writer = SessionWriter(self.source.id, self._folder, stream, self._end_us, self._report, lane)
            try:
                self._pump(stream, writer, lane, losses)
            finally:
                try:
                    writer.finish()
                finally:
                    self._end_us = max(self._end_us, writer.end_us)

    def _pump(
        self, stream: InputContainer, writer: SessionWriter, lane: Lane, losses: LossLog | None
    ) -> None:
        meter = Meter()
        recording = False
        for packet in stream.demux(stream.streams.video[0], *stream.streams.audio[:1]):
            if self._stopping.is_set():
                return
            if not is_video(packet):
                check_alive(meter)  # sound that goes on must not hide that the picture does not
                continue
            if packet.size == 0:
                continue  # the flush packet at the end
            self._show(packet)
            is_keyframe, size_bytes = packet.is_keyframe, packet.size
            if writer.add(packet) and not recording:
                recording = True
                self._sessions += 1
                self._report(StateChanged(self.source.id, "online", ""))
            if meter.count(size_bytes, is_keyframe):
                check_alive(meter)
                if recording:
                    self._measure(stream, writer, meter, lane, losses)

    def _show(self, packet: "Packet[VideoStream]") -> None:
        """Give it to who watches live, if anybody may."""
        if self._tap is not None and packet.pts is not None:
            self._tap.offer(self.source.id, packet)

    def _measure(
        self,
        stream: InputContainer,
        writer: SessionWriter,
        meter: Meter,
        lane: Lane,
        losses: LossLog | None,
    ) -> None:
        fps, bitrate_bps = meter.take_rates()
        self._packets_lost += losses.take() if losses else 0
        video, audio = stream.streams.video[0].codec_context, stream.streams.audio
        drift_us = writer.drift_us
        if lane.is_slow:
            log.warning("disk_too_slow", camera=self.source.id, waiting_bytes=lane.waiting_bytes)
        self._report(
            Measured(
                self.source.id,
                fps,
                bitrate_bps,
                now_us(),
                gop_s=meter.gop_s,
                reconnects=self._sessions - 1,
                clock_drift_ms=None if drift_us is None else drift_us // 1000,
                packets_lost=self._packets_lost,
                video_codec=_NAMES.get(video.name, video.name),
                audio_codec=audio[0].codec_context.name if audio else "",
                width=writer.size[0],
                height=writer.size[1],
                warning=DISK_SLOW if lane.is_slow else "",
            )
        )


def is_video(packet: Packet) -> TypeGuard["Packet[VideoStream]"]:  # type: ignore[type-arg]
    return isinstance(packet.stream, VideoStream)


def check_recordable(stream: InputContainer) -> None:
    """Raises StreamError."""
    if not stream.streams.video:
        raise StreamError("the stream has no video")
    if (codec := stream.streams.video[0].codec_context.name) not in RECORDABLE:
        raise StreamError(
            f"{codec} is not recorded", f"O formato {codec.upper()} não é gravado; use H.264 ou H.265."
        )


def check_alive(meter: Meter) -> None:
    """Raises StreamError."""
    now_mono = time.monotonic()
    # When a read times out, libav first gives what it had of a packet, as if that had come.
    silence_s = max(meter.silence_s, now_mono - meter.last_video_mono)
    if silence_s > 0.9 * READ_TIMEOUT_S:
        raise StreamError("no picture comes any more", "A câmera deixou de enviar imagens.")
    if now_mono - meter.waiting_since_mono > keyframe_timeout_s(meter.gop_s):
        raise StreamError(
            "no keyframe comes any more", "A câmera não envia quadros-chave; conectando de novo."
        )


def refused_transport(error: Exception) -> bool:
    """461 Unsupported Transport (RFC 2326, 11.3.14), for which libav has EPROTONOSUPPORT."""
    return isinstance(error, OSError) and error.errno == errno.EPROTONOSUPPORT


RECORDABLE = frozenset({"h264", "hevc"})
DISK_SLOW = "O disco está lento demais para as câmeras."
_DISK = {
    errno.ENOSPC: "O disco está cheio: nada é gravado até que haja espaço.",
    errno.EDQUOT: "O disco está cheio: nada é gravado até que haja espaço.",
    errno.EROFS: "O disco está somente para leitura: nada é gravado.",
}

#: What a guard is told, by the first error class that fits.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (av.HTTPUnauthorizedError, "A câmera recusou o usuário ou a senha."),
    (av.HTTPForbiddenError, "A câmera não permite este acesso."),
    (av.HTTPNotFoundError, "O endereço do vídeo não existe na câmera."),
    (ConnectionRefusedError, "A câmera recusou a conexão: endereço ou porta errados, ou câmera reiniciando."),
    (av.ExitError, "A câmera não respondeu a tempo."),
    (TimeoutError, "A câmera não respondeu a tempo."),
    (av.InvalidDataError, "A câmera respondeu, mas sem um vídeo que se possa ler."),
    (StreamError, "O vídeo da câmera veio com defeito; conectando de novo."),
)


def explain(error: Exception) -> str:
    """Why a camera is offline, for people; the log has the library's own words."""
    if isinstance(error, DiskTooSlow):
        return DISK_SLOW
    if isinstance(error, DiskFailure):
        return _DISK.get(error.errno or 0, "O disco recusou a gravação.")
    if isinstance(error, StreamError) and error.reason:
        return error.reason
    texts = (text for kind, text in _REASONS if isinstance(error, kind))
    return next(texts, "Não há comunicação com a câmera.")
