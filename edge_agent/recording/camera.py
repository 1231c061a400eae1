"""Records one camera: connect, receive, write fragments, report; reconnect for ever.

A task in the event loop of a worker process, which it shares with many other cameras. It tells the supervisor
everything through `report`.
"""

import asyncio
import contextlib
import errno
import random
import time
from pathlib import Path

import structlog

from edge_agent.clock import now_us
from edge_agent.recording.disk import Disk, DiskFailure, DiskTooSlow, Lane
from edge_agent.recording.domain import backoff_s, keyframe_timeout_s, redact_url
from edge_agent.recording.events import CameraSource, Measured, StateChanged
from edge_agent.recording.logins import RefusedLogins
from edge_agent.recording.meter import EVERY_S, Meter
from edge_agent.recording.session import Report, SessionWriter, StreamError
from edge_agent.recording.tap import LiveTap
from edge_agent.rtsp.connection import Connection
from edge_agent.rtsp.errors import (
    BadAddress,
    Ended,
    LoginRefused,
    Malformed,
    NoAnswer,
    Refused,
    RtspError,
    Unauthorised,
)
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.samples import OnSample, Sample
from edge_agent.rtsp.sdp import Description, Format

log = structlog.get_logger()

#: A stream that gives no picture for this long is dead.
SILENCE_TIMEOUT_S = 10.0
#: Over so long the streams of one camera come back after a rest: the first one finds out for the others.
_AFTER_REST_S = 5.0
UNSUPPORTED_TRANSPORT = 461  # RFC 2326, 11.3.14


class CameraRecorder:
    """One camera's recording, until `run` is cancelled."""

    def __init__(
        self,
        source: CameraSource,
        folder: Path,
        not_before_us: int,
        report: Report,
        disk: Disk,
        receiver: Receiver,
        tap: LiveTap,
        logins: RefusedLogins,
    ) -> None:
        self.source = source
        self._folder = folder
        self._end_us = not_before_us
        self._report = report
        self._disk = disk
        self._receiver = receiver
        self._tap = tap
        self._logins = logins
        logins.forget(source.rtsp_url)  # a person has just given it
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret
        # Interleaved TCP loses no packets; UDP when it is wanted, or the camera has nothing else.
        self._by_udp = source.transport == "udp"
        self._session: _Session | None = None
        self._sessions = 0
        self._packets_lost = 0

    @property
    def end_us(self) -> int:
        """Where the camera's footage ends, as far as it is known here: microseconds UTC."""
        return self._end_us

    async def run(self) -> None:
        """Record; the open file is closed when this is cancelled."""
        failures = 0
        while True:
            await self._let_login_rest()
            self._report(StateChanged(self.source.id, "connecting", ""))
            sessions = self._sessions
            try:
                await self._record_session()
            except Exception as error:  # a fault of ours is no reason to give a camera up either
                if self._falls_back(error):
                    continue
                if not isinstance(error, RtspError | OSError | StreamError):
                    log.exception("camera_session_failed", camera=self.source.id)
                failures = failures + 1 if self._sessions == sessions else 0
                self._tell(error, failures)
            await asyncio.sleep(backoff_s(failures, self._rng))

    async def _let_login_rest(self) -> None:
        """Returns when the login may be tried: at once, unless this stream or one like it was refused."""
        while rest_s := self._logins.rests_s(self.source.rtsp_url, time.monotonic()):
            self._report(StateChanged(self.source.id, "offline", explain(LoginRefused(401, "DESCRIBE"))))
            await asyncio.sleep(rest_s + self._rng.uniform(0, _AFTER_REST_S))

    def review_watched(self) -> None:
        """Who is watched gets his packets at once."""
        if self._session is not None:
            self._session.review_eagerness()

    def _tell(self, error: Exception, failures: int) -> None:
        if isinstance(error, LoginRefused) and not self.source.through_mediamtx:
            self._logins.refused(self.source.rtsp_url, time.monotonic())
        self._report(StateChanged(self.source.id, "offline", explain(error)))
        detail = redact_url(str(error))
        log.warning("camera_offline", camera=self.source.id, detail=detail, failures=failures)

    def _falls_back(self, error: Exception) -> bool:
        """Whether to try again at once by UDP: TCP was refused and is not insisted on."""
        refused = isinstance(error, Refused) and error.status == UNSUPPORTED_TRANSPORT
        if self._by_udp or self.source.transport != "auto" or not refused:
            return False
        log.info("camera_without_tcp", camera=self.source.id)
        self._by_udp = True
        return True

    async def _record_session(self) -> None:
        """One connection, from DESCRIBE until it ends or fails, which raises why."""
        connection = Connection(self.source.rtsp_url, "udp" if self._by_udp else "tcp", self._receiver)
        try:
            video, audio = recordable(await connection.open())
            lane = self._disk.lane()
            writer = SessionWriter(
                self.source.id, self._folder, video, audio, self._end_us, self._report, lane
            )
            session = self._session = _Session(
                self.source.id, connection, writer, lane, self._tap, video, audio
            )
            try:
                accepted = await connection.set_up(session.takers())
                if audio not in accepted:
                    session.leave_out_sound()
                await connection.play()
                await self._watch(session)
            finally:
                self._session = None
                connection.close()
                await self._finish(writer)
        finally:
            connection.close()

    async def _finish(self, writer: SessionWriter) -> None:
        try:
            with contextlib.suppress(DiskFailure, StreamError):  # the session ends for its own reason
                writer.finish()
        finally:
            await writer.let_go()
            self._end_us = max(self._end_us, writer.end_us)

    async def _watch(self, session: "_Session") -> None:
        """Report how the connection is, until it ends."""
        online = False
        lost_before = self._packets_lost
        while True:
            done, _ = await asyncio.wait([session.connection.ended], timeout=session.look_again_s)
            if done:
                await session.connection.ended
            session.review_eagerness()
            self._packets_lost = lost_before + session.connection.lost
            if session.recording and not online:
                online = True
                self._sessions += 1
                self._logins.forget(self.source.rtsp_url)
                self._report(StateChanged(self.source.id, "online", ""))
            elif online:
                self._report(session.measured(self._sessions - 1, self._packets_lost))
            session.check_alive()


class _Session:
    """One connection's samples on their way to the writer and the viewers."""

    #: Until it records, a session is looked at so often.
    _SOON_S = 0.2

    def __init__(
        self,
        camera: str,
        connection: Connection,
        writer: SessionWriter,
        lane: Lane,
        tap: LiveTap,
        video: Format,
        audio: Format | None,
    ) -> None:
        self._camera = camera
        self.connection = connection
        self._writer = writer
        self._lane = lane
        self._tap = tap
        self._video, self._audio = video, audio
        self._meter = Meter()
        #: Whether something is being written.
        self.recording = False

    def takers(self) -> dict[Format, OnSample]:
        takers: dict[Format, OnSample] = {self._video: self._take}
        if self._audio is not None:
            takers[self._audio] = self._take_sound
        return takers

    def leave_out_sound(self) -> None:
        """The camera announces some, but does not send it."""
        self._audio = None
        self._writer.leave_out_sound()

    @property
    def look_again_s(self) -> float:
        return EVERY_S if self.recording else self._SOON_S

    def review_eagerness(self) -> None:
        """Packets are taken at once for viewers, and while it is found out when the camera sends them."""
        self.connection.be_eager(not self._writer.is_settled or self._camera in self._tap.watched)

    def _take(self, sample: Sample) -> None:
        if self.connection.ended.done():
            return
        self._tap.offer(self._camera, self._video, sample)
        self._meter.count(len(sample.data), sample.is_keyframe)
        try:
            if self._writer.add(sample):
                self.recording = True
        except (StreamError, DiskFailure) as error:
            self.connection.fail(error)

    def _take_sound(self, sample: Sample) -> None:
        if self._audio is None or self.connection.ended.done():
            return
        self._tap.offer(self._camera, self._audio, sample)
        try:
            self._writer.add_sound(sample)
        except StreamError as error:
            self.connection.fail(error)

    def check_alive(self) -> None:
        """Raises StreamError. Sound that goes on must not hide that the picture does not."""
        if self._meter.silence_s > SILENCE_TIMEOUT_S:
            raise StreamError("no picture comes any more", "A câmera deixou de enviar imagens.")
        if self._meter.without_keyframe_s > keyframe_timeout_s(self._meter.gop_s):
            raise StreamError(
                "no keyframe comes any more", "A câmera não envia quadros-chave; conectando de novo."
            )

    def measured(self, reconnects: int, packets_lost: int) -> Measured:
        fps, bitrate_bps = self._meter.take_rates()
        drift_us = self._writer.drift_us
        shown = self._writer.picture
        if self._lane.is_slow:
            log.warning("disk_too_slow", camera=self._camera, waiting_bytes=self._lane.waiting_bytes)
        return Measured(
            self._camera,
            fps,
            bitrate_bps,
            now_us(),
            gop_s=self._meter.gop_s,
            reconnects=reconnects,
            clock_drift_ms=None if drift_us is None else drift_us // 1000,
            packets_lost=packets_lost,
            video_codec=self._video.codec,
            audio_codec=self._audio.codec if self._audio is not None else "",
            width=shown.width if shown is not None else 0,
            height=shown.height if shown is not None else 0,
            warning=DISK_SLOW if self._lane.is_slow else "",
        )


def recordable(description: Description) -> tuple[Format, Format | None]:
    """The tracks to record: video, and sound if there is any we know. Raises StreamError."""
    if description.video is not None:
        return description.video, description.audio
    if name := description.unknown_video:
        raise StreamError(f"{name} is not recorded", f"O formato {name} não é gravado; use H.264 ou H.265.")
    raise StreamError("the stream has no video", "A câmera respondeu, mas sem um vídeo que se possa ler.")


DISK_SLOW = "O disco está lento demais para as câmeras."
_DISK = {
    errno.ENOSPC: "Não grava: o disco está cheio.",
    errno.EDQUOT: "Não grava: o disco está cheio.",
    errno.EROFS: "Não grava: o disco está somente para leitura.",
}
_DISK_REFUSED = "Não grava: o disco recusou a gravação."
#: Of a camera whose signal is well.
DISK_REASONS = frozenset({DISK_SLOW, _DISK_REFUSED, *_DISK.values()})
UNREADABLE = "A câmera respondeu, mas sem um vídeo que se possa ler."
ENDED = "A câmera encerrou a transmissão."
_ELSEWHERE = "A câmera manda buscar o vídeo em outro endereço; confira o endereço cadastrado."
_STATUS = {
    301: _ELSEWHERE,
    302: _ELSEWHERE,
    303: _ELSEWHERE,
    307: _ELSEWHERE,
    308: _ELSEWHERE,
    403: "A câmera não permite este acesso.",
    404: "O endereço do vídeo não existe na câmera.",
    453: "A câmera não tem banda para mais uma conexão.",
    454: "A câmera esqueceu a sessão; conectando de novo.",
    UNSUPPORTED_TRANSPORT: "A câmera não aceita este transporte (TCP ou UDP).",
    503: "A câmera está ocupada: conexões demais.",
}

#: What a guard is told, by the first error class that fits.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (Unauthorised, "A câmera recusou o usuário ou a senha."),
    (Refused, "A câmera recusou o pedido de vídeo."),
    (ConnectionRefusedError, "A câmera recusou a conexão: endereço ou porta errados, ou câmera reiniciando."),
    (ConnectionError, ENDED),
    (BadAddress, "O endereço da câmera está errado."),
    (NoAnswer, "A câmera não respondeu a tempo."),
    (TimeoutError, "A câmera não respondeu a tempo."),
    (Malformed, UNREADABLE),
    (Ended, ENDED),
    (StreamError, "O vídeo da câmera veio com defeito; conectando de novo."),
)


def explain(error: Exception) -> str:
    """Why a camera is offline, for people; the log has the error's own words."""
    if isinstance(error, DiskTooSlow):
        return DISK_SLOW
    if isinstance(error, DiskFailure):
        return _DISK.get(error.errno or 0, _DISK_REFUSED)
    if isinstance(error, StreamError) and error.reason:
        return error.reason
    if isinstance(error, Refused) and error.status in _STATUS:
        return _STATUS[error.status]
    texts = (text for kind, text in _REASONS if isinstance(error, kind))
    return next(texts, "Não há comunicação com a câmera.")
