"""Live H.264 as an IP camera sends it: constrained baseline, one closed group of pictures per second."""

from dataclasses import dataclass
from fractions import Fraction

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from demo.clock_strip import Picture

CLOCK_RATE = 90_000  # RTP's clock for video
BITRATE_BPS = 400_000
FPS = 12


@dataclass(frozen=True)
class AccessUnit:
    """One encoded picture: NAL units, each after its length in 4 bytes."""

    data: bytes
    is_keyframe: bool
    captured_mono: float


class H264Encoder:
    def __init__(self, width: int, height: int) -> None:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.framerate, codec.time_base = Fraction(FPS), Fraction(1, CLOCK_RATE)
        codec.bit_rate = BITRATE_BPS
        codec.thread_count = 1  # several cameras share a core; threads would only add switches
        codec.flags |= Flags.global_header
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
            "g": str(FPS),
            "keyint_min": str(FPS),
            "sc_threshold": "0",
            "maxrate": str(BITRATE_BPS * 3 // 2),
            "bufsize": str(BITRATE_BPS),
        }
        codec.open()
        self._codec = codec
        self._first_mono: float | None = None

    @property
    def parameter_sets(self) -> bytes:
        """SPS and PPS, in Annex B form."""
        return bytes(self._codec.extradata or b"")

    def encode(self, rgb: Picture, captured_mono: float) -> list[AccessUnit]:
        if self._first_mono is None:
            self._first_mono = captured_mono
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts = round((captured_mono - self._first_mono) * CLOCK_RATE)
        frame.time_base = Fraction(1, CLOCK_RATE)
        # Without B-frames and look-ahead each picture comes out at once: the capture time is this picture's.
        return [
            AccessUnit(_length_prefixed(bytes(packet)), packet.is_keyframe, captured_mono)
            for packet in self._codec.encode(frame)
        ]


def _length_prefixed(annex_b: bytes) -> bytes:
    # The RTSP library takes a four-byte start code for a length of one, and splits by a loop over bytes.
    # A NAL unit never ends with a zero byte, so trailing ones belong to the next start code.
    units = [unit.rstrip(b"\0") for unit in annex_b.split(b"\0\0\1")]
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units if unit)
