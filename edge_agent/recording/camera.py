"""Records one camera: connect, demux, write fragments, report; reconnect for ever.

Runs in a thread of a worker process (libavformat releases the GIL while it
reads), and tells the supervisor everything through `report`.
"""

import random
import threading
import time
from pathlib import Path

import av
import structlog
from av.container import InputContainer

from edge_agent.clock import now_us
from edge_agent.recording.domain import backoff_s, redact_url
from edge_agent.recording.events import CameraSource, Measured, StateChanged
from edge_agent.recording.session import Report, SessionWriter, StreamError
from edge_agent.recording.tap import LiveTap

log = structlog.get_logger()

#: A stream that gives no packet for this long is dead.
READ_TIMEOUT_S = 10.0
OPEN_TIMEOUT_S = 10.0
MEASURE_EVERY_S = 2.0

#: Interleaved TCP loses no packets. Guessing a frame rate would delay the first
#: packet by seconds, and nothing here needs it.
_OPTIONS = {"rtsp_transport": "tcp", "fpsprobesize": "0"}


class CameraRecorder(threading.Thread):
    """One camera's recording, until `stop()`."""

    def __init__(
        self,
        source: CameraSource,
        folder: Path,
        not_before_us: int,
        report: Report,
        tap: LiveTap | None = None,
    ) -> None:
        super().__init__(name=f"camera-{source.id}", daemon=True)
        self.source = source
        self._folder = folder
        self._end_us = not_before_us
        self._report = report
        self._tap = tap
        self._stopping = threading.Event()
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret

    def stop(self) -> None:
        """Ask to finish; the current file is closed at the next packet or time-out."""
        self._stopping.set()

    def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._report(StateChanged(self.source.id, "connecting", ""))
            try:
                self._record_session()
                reason, detail = "A câmera encerrou a transmissão.", ""
                failures = 0
            except (av.FFmpegError, OSError, StreamError) as error:
                reason, detail = explain(error), redact_url(str(error))
                failures += 1
            if self._stopping.is_set():
                return
            self._report(StateChanged(self.source.id, "offline", reason))
            log.warning("camera_offline", camera=self.source.id, detail=detail, failures=failures)
            self._stopping.wait(backoff_s(failures, self._rng))

    def _record_session(self) -> None:
        """One connection, from RTSP DESCRIBE until it ends or fails."""
        with av.open(
            self.source.rtsp_url,
            options=_OPTIONS,
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        ) as stream:
            if not stream.streams.video:
                raise StreamError("the stream has no video")
            writer = SessionWriter(self.source.id, self._folder, stream, self._end_us, self._report)
            try:
                self._pump(stream, writer)
            finally:
                self._end_us = max(self._end_us, writer.finish())

    def _pump(self, stream: InputContainer, writer: SessionWriter) -> None:
        meter = _Meter(self.source.id, self._report)
        for packet in stream.demux(stream.streams.video[0]):
            if self._stopping.is_set():
                return
            if packet.dts is None or packet.pts is None:
                continue  # the flush packet at the end, or one that has no place in time
            if self._tap is not None:
                self._tap.offer(self.source.id, packet)
            if writer.add(packet) and meter.first():
                self._report(StateChanged(self.source.id, "online", ""))
            meter.count(packet.size)


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
    texts = (text for kind, text in _REASONS if isinstance(error, kind))
    return next(texts, "Não há comunicação com a câmera.")


class _Meter:
    """Frame and bit rate, reported every MEASURE_EVERY_S."""

    def __init__(self, camera: str, report: Report) -> None:
        self._camera = camera
        self._report = report
        self._since_mono = time.monotonic()
        self._frames = 0
        self._bytes = 0
        self._started = False

    def first(self) -> bool:
        """True once."""
        started, self._started = self._started, True
        return not started

    def count(self, size_bytes: int) -> None:
        self._frames += 1
        self._bytes += size_bytes
        elapsed = time.monotonic() - self._since_mono
        if elapsed < MEASURE_EVERY_S:
            return
        self._report(Measured(self._camera, self._frames / elapsed, int(self._bytes * 8 / elapsed), now_us()))
        self._since_mono = time.monotonic()
        self._frames = self._bytes = 0
