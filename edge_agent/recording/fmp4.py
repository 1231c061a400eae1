"""Makes one camera's packets into fragmented MP4, without transcoding. Writes nothing to disk."""

from dataclasses import dataclass
from typing import Any

import av
from av.packet import Packet
from av.video.stream import VideoStream

#: A fragment per keyframe; `frag_discont` keeps the media timeline running from
#: file to file, so a player crosses a file boundary without a jump; no trailer,
#: so a file that was cut by a crash and one that was closed look alike.
_MOVFLAGS = "frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer"
_OPTIONS = {
    "movflags": _MOVFLAGS,
    "flush_packets": "1",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the camera sends now, where that is not what it announced."""

    parameter_sets: bytes
    width: int
    height: int


class _Sink:
    """The write side that libavformat sees."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = self._parts, []
        return b"".join(taken)


class Fmp4Muxer:
    """The bytes of one recording file.

    `init_section` is its beginning (ftyp, moov). Raises av.FFmpegError when packets do not fit.
    """

    def __init__(self, template: VideoStream, picture: Picture | None = None) -> None:
        self._sink = _Sink()
        # PyAV takes any object with `write`.
        self._output = av.open(self._sink, "w", format="mp4", options=_OPTIONS)
        self._stream = self._output.add_stream_from_template(template)
        if picture is not None:
            codec = self._stream.codec_context
            codec.extradata = picture.parameter_sets
            codec.width, codec.height = picture.width, picture.height
        self._output.start_encoding()
        self.init_section = self._sink.take()

    def add(self, packet: "Packet[VideoStream]") -> bytes:
        """Take a packet; returns the whole fragment before it if it begins another, or nothing."""
        packet.stream = self._stream
        self._output.mux_one(packet)
        return self._sink.take()

    def close(self) -> bytes:
        """The last fragment, if there is one."""
        self._output.close()
        return self._sink.take()
