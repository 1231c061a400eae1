"""Measures one camera's stream: rates, groups of pictures, silence."""

import time

#: Seconds between reports.
EVERY_S = 2.0
SILENCE_S = 2.0


class Meter:
    """Counts pictures between reports; one for each connection."""

    def __init__(self) -> None:
        now_mono = time.monotonic()
        self._since_mono = self.last_picture_mono = now_mono
        #: Since when pictures come without a keyframe.
        self.waiting_since_mono = now_mono
        self._frames = self._bytes = 0
        self._keyframe_mono = 0.0
        self.gop_s: float | None = None

    def count(self, size_bytes: int, is_keyframe: bool) -> None:
        """A picture came."""
        now_mono = time.monotonic()
        silence_s = now_mono - self.last_picture_mono
        self.last_picture_mono = now_mono
        if silence_s > SILENCE_S:
            self.waiting_since_mono += silence_s  # who sends nothing cannot have left out keyframes
        self._frames += 1
        self._bytes += size_bytes
        if is_keyframe:
            if self._keyframe_mono:
                self.gop_s = round(now_mono - self._keyframe_mono, 2)
            self._keyframe_mono = self.waiting_since_mono = now_mono

    @property
    def silence_s(self) -> float:
        """Seconds since the last picture."""
        return time.monotonic() - self.last_picture_mono

    @property
    def without_keyframe_s(self) -> float:
        return time.monotonic() - self.waiting_since_mono

    def take_rates(self) -> tuple[float, int]:
        """Frames and bits per second since the last call."""
        now_mono = time.monotonic()
        elapsed_s = max(now_mono - self._since_mono, 0.001)
        rates = self._frames / elapsed_s, int(self._bytes * 8 / elapsed_s)
        self._since_mono = now_mono
        self._frames = self._bytes = 0
        return rates
