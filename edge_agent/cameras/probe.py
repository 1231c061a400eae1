"""Testing one stream: open it, watch it for some seconds, and say in plain words what it is like.

By the same client as the recorder's: what a test sees is what will be recorded.
"""

import asyncio
import contextlib
import io
import time
from dataclasses import dataclass, field
from typing import Literal

import av
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from edge_agent.recording import nal
from edge_agent.recording.camera import UNREADABLE, UNSUPPORTED_TRANSPORT, explain, recordable
from edge_agent.recording.events import Transport
from edge_agent.recording.session import StreamError
from edge_agent.rtsp.connection import Connection
from edge_agent.rtsp.errors import Refused, RtspError
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format

WATCH_S = 5.0
LOOK_EVERY_S = 0.1
#: The first keyframe must come in this time: longer groups of pictures make playback sluggish anyway.
KEYFRAME_S = 12.0
SNAPSHOT_WIDTH = 640
NAMES = {"h264": "H.264", "h265": "H.265"}
_DECODERS = {"h264": "h264", "h265": "hevc"}
LONG_GOP_S = 4.0


@dataclass(frozen=True)
class StreamTest:
    """What was seen; `ok` when the stream can be recorded, which takes a picture that can be decoded.

    Nothing in it has credentials.
    """

    ok: bool
    verdict: str
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    bitrate_bps: int = 0
    gop_s: float | None = None
    audio: str = ""
    transport: str = ""
    notes: list[str] = field(default_factory=list)
    snapshot_jpeg: bytes = b""


def watch_stream(url: str, transport: Transport = "auto", watch_s: float = WATCH_S) -> StreamTest:
    """Watch a stream; blocks for some seconds. Never raises for what the camera does."""
    return asyncio.run(_watch_either(url, transport, watch_s))


async def _watch_either(url: str, transport: Transport, watch_s: float) -> StreamTest:
    try:
        try:
            return await _watch(url, by_udp=transport == "udp", watch_s=watch_s)
        except Refused as refused:
            if transport != "auto" or refused.status != UNSUPPORTED_TRANSPORT:
                raise
            return await _watch(url, by_udp=True, watch_s=watch_s)
    except (RtspError, OSError, StreamError) as error:
        return StreamTest(ok=False, verdict=explain(error))


async def _watch(url: str, by_udp: bool, watch_s: float) -> StreamTest:
    transport: Literal["tcp", "udp"] = "udp" if by_udp else "tcp"
    connection = Connection(url, transport, Receiver())
    try:
        video, audio = recordable(await connection.open())
        seen = _Seen(video)
        await connection.set_up({video: seen.take})
        await connection.play()
        await seen.enough(connection.ended, watch_s)
        return seen.judged("" if audio is None else audio.codec, transport)
    finally:
        connection.close()


class _Seen:
    """Counts what passes."""

    def __init__(self, video: Format) -> None:
        self._video = video
        self.frames = self.bytes = 0
        self.keyframes_s: list[float] = []
        self.first_s = self.last_s = 0.0
        self.width = self.height = 0
        self.jpeg = b""

    def take(self, sample: Sample) -> None:
        at_s = sample.time / self._video.clock_rate
        if not self.frames:
            self.first_s = at_s
        self.frames += 1
        self.bytes += len(sample.data)
        self.last_s = max(self.last_s, at_s)
        if sample.is_keyframe:
            self.keyframes_s.append(at_s)
            if not self.jpeg:
                self._look_at(sample)

    async def enough(self, ended: "asyncio.Future[None]", watch_s: float) -> None:
        """Wait until a picture was seen and the time is over, or none came for too long.

        Raises as `ended`.
        """
        began_mono = time.monotonic()
        while (waited_s := time.monotonic() - began_mono) < KEYFRAME_S:
            if self.keyframes_s and waited_s > watch_s:
                return
            done, _ = await asyncio.wait([ended], timeout=LOOK_EVERY_S)
            if done and not self.keyframes_s:
                await ended
            if done:
                return

    def _look_at(self, keyframe: Sample) -> None:
        """Size and snapshot, as far as the decoder gives them."""
        data = nal.annex_b(nal.joined(list(self._video.config)) + keyframe.data)
        decoder = av.CodecContext.create(_DECODERS[self._video.codec], "r")
        assert isinstance(decoder, VideoCodecContext)
        with contextlib.suppress(av.FFmpegError):
            for frame in [*decoder.decode(Packet(data)), *decoder.decode(None)]:
                self.width, self.height = frame.width, frame.height
                self.jpeg = _jpeg(frame)

    def judged(self, audio: str, transport: str) -> StreamTest:
        codec = NAMES[self._video.codec]
        elapsed_s = max(self.last_s - self.first_s, 0.001)
        fps = round((self.frames - 1) / elapsed_s, 1) if self.frames > 1 else 0.0
        bitrate_bps = int(self.bytes * 8 / elapsed_s) if self.frames > 1 else 0
        gop_s = self._gop_s()
        problem = self._problem()
        facts = f"Vídeo {codec} {self.width}×{self.height}, {_number(fps)} quadros/s, {_rate(bitrate_bps)}"
        return StreamTest(
            ok=not problem,
            verdict=problem or f"{facts}: pronto para gravar.",
            codec=codec,
            width=self.width,
            height=self.height,
            fps=fps,
            bitrate_bps=bitrate_bps,
            gop_s=gop_s,
            audio=audio,
            transport=transport,
            notes=_notes(codec, gop_s, transport),
            snapshot_jpeg=self.jpeg,
        )

    def _problem(self) -> str:
        """Why it cannot be recorded, if so."""
        if not self.frames:
            return f"A câmera aceitou o pedido, mas não mandou vídeo em {KEYFRAME_S:.0f} s."
        if not self.keyframes_s:
            return f"Nenhum quadro-chave em {KEYFRAME_S:.0f} s; diminua o intervalo deles (GOP) na câmera."
        return "" if self.jpeg else UNREADABLE

    def _gop_s(self) -> float | None:
        if len(self.keyframes_s) < 2:
            return None
        return round((self.keyframes_s[-1] - self.keyframes_s[0]) / (len(self.keyframes_s) - 1), 2)


def _notes(codec: str, gop_s: float | None, transport: str) -> list[str]:
    said = []
    if gop_s is not None and gop_s > LONG_GOP_S:
        said.append(f"Um quadro-chave a cada {_number(gop_s)} s é pouco: configure 1 ou 2 s na câmera.")
    if codec == "H.265":
        said.append("Nem todo navegador mostra H.265; H.264 aparece em todos.")
    if transport == "udp":
        said.append("A câmera só transmite por UDP: numa rede ruim faltarão quadros.")
    return said


def _jpeg(frame: av.VideoFrame) -> bytes:
    picture = frame.to_image()  # type: ignore[no-untyped-call]
    picture.thumbnail((SNAPSHOT_WIDTH, SNAPSHOT_WIDTH))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _rate(bitrate_bps: int) -> str:
    return (
        f"{_number(bitrate_bps / 1e6)} Mbit/s"
        if bitrate_bps >= 1_000_000
        else f"{bitrate_bps // 1000} kbit/s"
    )
