"""Testing one stream: open it, watch it for some seconds, and say in plain words what it is like."""

import io
import time
from dataclasses import dataclass, field

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge_agent.recording.camera import explain
from edge_agent.recording.session import StreamError

OPEN_S = 8.0
READ_S = 5.0
WATCH_S = 5.0
#: The first keyframe must come in this time: longer groups of pictures make playback sluggish anyway.
KEYFRAME_S = 12.0
SNAPSHOT_WIDTH = 640
RECORDABLE = {"h264": "H.264", "hevc": "H.265"}
LONG_GOP_S = 4.0


@dataclass(frozen=True)
class StreamTest:
    """What was seen; `ok` when the stream can be recorded. Nothing in it has credentials."""

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


def watch_stream(url: str, transport: str = "auto", watch_s: float = WATCH_S) -> StreamTest:
    """Watch a stream; blocks for some seconds. Never raises for what the camera does."""
    error: Exception = OSError()
    for attempt in ("tcp", "udp") if transport == "auto" else (transport,):
        try:
            return _watch(url, attempt, watch_s)
        except (av.FFmpegError, OSError, StreamError) as failed:
            error = failed
            if not _refused_transport(failed):
                break
    return StreamTest(ok=False, verdict=explain(error))


def _refused_transport(error: Exception) -> bool:
    """461 Unsupported Transport (RFC 7826, 17.4.24), which FFmpeg reports as another 4xx."""
    return isinstance(error, av.HTTPError) and not isinstance(
        error, (av.HTTPUnauthorizedError, av.HTTPForbiddenError, av.HTTPNotFoundError)
    )


def _watch(url: str, transport: str, watch_s: float) -> StreamTest:
    options = {"rtsp_transport": transport, "fpsprobesize": "0"}
    with av.open(url, options=options, timeout=(OPEN_S, READ_S)) as stream:
        if not stream.streams.video:
            raise StreamError("the stream has no video")
        seen = _Seen()
        seen.watch(stream, watch_s)
        return seen.judged(stream, transport)


class _Seen:
    """Counts what passes."""

    def __init__(self) -> None:
        self.frames = self.bytes = 0
        self.keyframes_s: list[float] = []
        self.first_s = self.last_s = 0.0
        self.jpeg = b""

    def watch(self, stream: InputContainer, watch_s: float) -> None:
        video = stream.streams.video[0]
        began_mono = time.monotonic()
        for packet in stream.demux(video):
            waited_s = time.monotonic() - began_mono
            if waited_s > KEYFRAME_S or (self.jpeg and waited_s > watch_s):
                return
            if packet.pts is None or packet.time_base is None:
                continue
            at_s = float(packet.pts * packet.time_base)
            self._count(at_s, packet.size, packet.is_keyframe)
            if self.keyframes_s and not self.jpeg:
                self.jpeg = _jpeg(packet)

    def _count(self, at_s: float, size_bytes: int, is_keyframe: bool) -> None:
        if not self.frames:
            self.first_s = at_s
        self.frames += 1
        self.bytes += size_bytes
        self.last_s = max(self.last_s, at_s)
        if is_keyframe:
            self.keyframes_s.append(at_s)

    def judged(self, stream: InputContainer, transport: str) -> StreamTest:
        video = stream.streams.video[0].codec_context
        codec = RECORDABLE.get(video.name, video.name.upper())
        elapsed_s = max(self.last_s - self.first_s, 0.001)
        fps = round((self.frames - 1) / elapsed_s, 1) if self.frames > 1 else 0.0
        bitrate_bps = int(self.bytes * 8 / elapsed_s) if self.frames > 1 else 0
        gop_s = self._gop_s()
        ok = video.name in RECORDABLE and bool(self.keyframes_s)
        facts = f"Vídeo {codec} {video.width}×{video.height}, {_number(fps)} quadros/s, {_rate(bitrate_bps)}"
        return StreamTest(
            ok=ok,
            verdict=f"{facts}: pronto para gravar." if ok else f"{facts}: {self._problem(video.name)}",
            codec=codec,
            width=video.width,
            height=video.height,
            fps=fps,
            bitrate_bps=bitrate_bps,
            gop_s=gop_s,
            audio=stream.streams.audio[0].codec_context.name if stream.streams.audio else "",
            transport=transport,
            notes=_notes(codec, gop_s, transport),
            snapshot_jpeg=self.jpeg,
        )

    def _gop_s(self) -> float | None:
        if len(self.keyframes_s) < 2:
            return None
        return round((self.keyframes_s[-1] - self.keyframes_s[0]) / (len(self.keyframes_s) - 1), 2)

    def _problem(self, codec: str) -> str:
        if codec not in RECORDABLE:
            return "este formato não é gravado; configure H.264 ou H.265 na câmera."
        return f"nenhum quadro-chave em {KEYFRAME_S:.0f} s; diminua o intervalo deles (GOP) na câmera."


def _notes(codec: str, gop_s: float | None, transport: str) -> list[str]:
    said = []
    if gop_s is not None and gop_s > LONG_GOP_S:
        said.append(f"Um quadro-chave a cada {_number(gop_s)} s é pouco: configure 1 ou 2 s na câmera.")
    if codec == "H.265":
        said.append("Nem todo navegador mostra H.265; H.264 aparece em todos.")
    if transport == "udp":
        said.append("A câmera só transmite por UDP: numa rede ruim faltarão quadros.")
    return said


def _jpeg(packet: "Packet[VideoStream]") -> bytes:
    """The packet's picture, small; nothing while the decoder has none to give."""
    try:
        frames = packet.decode()
    except av.FFmpegError:
        return b""
    for frame in frames:
        if isinstance(frame, av.VideoFrame):
            picture = frame.to_image()  # type: ignore[no-untyped-call]
            picture.thumbnail((SNAPSHOT_WIDTH, SNAPSHOT_WIDTH))
            written = io.BytesIO()
            picture.save(written, "JPEG", quality=80)
            return written.getvalue()
    return b""


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _rate(bitrate_bps: int) -> str:
    return (
        f"{_number(bitrate_bps / 1e6)} Mbit/s"
        if bitrate_bps >= 1_000_000
        else f"{bitrate_bps // 1000} kbit/s"
    )
