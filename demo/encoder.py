"""Live H.264 as an IP camera sends it: constrained baseline, one closed group of pictures per second."""

from dataclasses import dataclass
from fractions import Fraction

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

CLOCK_RATE = 90_000  # RTP's clock for video
BITRATE_BPS = 400_000
FPS = 12


@dataclass(frozen=True)
class AccessUnit:
    """One encoded picture in Annex B form, with the parameter sets before each keyframe."""

    data: bytes
    is_keyframe: bool
    captured_mono: float


class H264Encoder:
    """Takes pictures of any size and encodes them at its own."""

    def __init__(self, width: int, height: int, bitrate_bps: int = BITRATE_BPS) -> None:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.framerate, codec.time_base = Fraction(FPS), Fraction(1, CLOCK_RATE)
        codec.bit_rate = bitrate_bps
        codec.thread_count = 1  # several cameras share a core; threads would only add switches
        codec.flags |= Flags.global_header
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
            "g": str(FPS),
            "keyint_min": str(FPS),
            "sc_threshold": "0",
            "maxrate": str(bitrate_bps * 3 // 2),
            "bufsize": str(bitrate_bps),
        }
        codec.open()
        self._codec = codec
        self._first_mono: float | None = None

    @property
    def parameter_sets(self) -> bytes:
        """SPS and PPS, in Annex B form."""
        return bytes(self._codec.extradata or b"")

    def encode(self, picture: av.VideoFrame, captured_mono: float) -> list[AccessUnit]:
        if self._first_mono is None:
            self._first_mono = captured_mono
        frame = picture.reformat(self._codec.width, self._codec.height, "yuv420p")
        frame.pts = round((captured_mono - self._first_mono) * CLOCK_RATE)
        frame.time_base = Fraction(1, CLOCK_RATE)
        # Without B-frames and look-ahead each picture comes out at once: the capture time is this picture's.
        units = []
        for packet in self._codec.encode(frame):
            sets = self.parameter_sets if packet.is_keyframe else b""
            units.append(AccessUnit(sets + bytes(packet), packet.is_keyframe, captured_mono))
        return units
