"""A street's sound as a camera with a microphone sends it: AAC, made once and played in a loop.

Traffic is a low murmur; a beep begins with each whole second of the wall clock, so that
sound and the clock in the picture can be compared.
"""

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import Flags

from demo.rtsp_server.tracks import Track

RATE = 16_000
FRAME_SAMPLES = 1024  # an AAC frame
FRAME_S = FRAME_SAMPLES / RATE
#: The shortest loop of whole seconds and whole frames.
LOOP_S = 8
LOOP_FRAMES = LOOP_S * RATE // FRAME_SAMPLES
BIT_RATE_BPS = 24_000
BEEP_HZ, BEEP_S = 880, 0.1
#: A camera that was suspended goes on with the present.
MAX_LATE_FRAMES = 50


@dataclass(frozen=True)
class SoundFrame:
    """One frame of AAC without header."""

    data: bytes
    captured_mono: float


class StreetSound:
    """Gives the frames that are due, by the wall clock."""

    def __init__(self) -> None:
        self._loop, config = _loop()
        self.track = Track("aac", RATE, config)
        self._next: int | None = None

    def until(self, now_utc: float, now_mono: float) -> Iterator[SoundFrame]:
        """What was heard since the last call; nothing at the first."""
        end = math.floor(now_utc / FRAME_S)
        begin = end if self._next is None else max(self._next, end - MAX_LATE_FRAMES)
        self._next = max(begin, end)
        for number in range(begin, end):
            yield SoundFrame(self._loop[number % LOOP_FRAMES], now_mono - (now_utc - number * FRAME_S))


@functools.cache
def _loop() -> tuple[list[bytes], bytes]:
    """The frames of one loop, and the AudioSpecificConfig."""
    codec = av.CodecContext.create("aac", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = RATE, "mono", "fltp"
    codec.bit_rate, codec.time_base = BIT_RATE_BPS, Fraction(1, RATE)
    codec.flags |= Flags.global_header
    wave = _street()
    packets = []
    # Three rounds, of which the second is kept: it begins and ends as the loop goes on.
    for number in range(3 * LOOP_FRAMES):
        first = number % LOOP_FRAMES * FRAME_SAMPLES
        frame = av.AudioFrame.from_ndarray(wave[None, first : first + FRAME_SAMPLES], "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * FRAME_SAMPLES, Fraction(1, RATE)
        packets += codec.encode(frame)
    begin_pts = LOOP_FRAMES * FRAME_SAMPLES
    begin = next(place for place, packet in enumerate(packets) if (packet.pts or 0) >= begin_pts)
    return [bytes(packet) for packet in packets[begin : begin + LOOP_FRAMES]], bytes(codec.extradata or b"")


def _street() -> npt.NDArray[np.float32]:
    """One loop of samples between -1 and 1; its ends meet."""
    rng = np.random.default_rng(7)
    count = LOOP_S * RATE
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= np.where((hertz > 40) & (hertz < 400), 1 / np.maximum(hertz, 1), 0)
    murmur = np.fft.irfft(spectrum, count)
    wave = 0.08 * murmur / np.abs(murmur).max()
    since_second_s = np.arange(count) % RATE / RATE
    beep = np.sin(2 * np.pi * BEEP_HZ * since_second_s) * (since_second_s < BEEP_S)
    return np.asarray(wave + 0.1 * beep, np.float32)
