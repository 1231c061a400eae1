"""Measures one camera's stream: rates, groups of pictures, drift, losses."""

import re
import time
from collections.abc import Iterable

import av

#: Seconds between reports.
EVERY_S = 2.0
SILENCE_S = 2.0
_MISSED = re.compile(r"RTP: missed (-?\d+) packets")


class Meter:
    """Counts packets between reports; one for each connection."""

    def __init__(self) -> None:
        now_mono = time.monotonic()
        self._since_mono = self.last_video_mono = now_mono
        self.silence_s = 0.0  # before the last packet
        #: Since when pictures come without a keyframe.
        self.waiting_since_mono = now_mono
        self._frames = self._bytes = 0
        self._keyframe_mono = 0.0
        self.gop_s: float | None = None

    def count(self, size_bytes: int, is_keyframe: bool) -> bool:
        """A packet with pictures; True when it is time to report."""
        now_mono = time.monotonic()
        self.silence_s = silence_s = now_mono - self.last_video_mono
        self.last_video_mono = now_mono
        if silence_s > SILENCE_S:
            self.waiting_since_mono += silence_s  # who sends nothing cannot have left out keyframes
        self._frames += 1
        self._bytes += size_bytes
        if is_keyframe:
            if self._keyframe_mono:
                self.gop_s = round(now_mono - self._keyframe_mono, 2)
            self._keyframe_mono = self.waiting_since_mono = now_mono
        return now_mono - self._since_mono >= EVERY_S

    def take_rates(self) -> tuple[float, int]:
        """Frames and bits per second since the last call."""
        now_mono = time.monotonic()
        elapsed_s = max(now_mono - self._since_mono, 0.001)
        rates = self._frames / elapsed_s, int(self._bytes * 8 / elapsed_s)
        self._since_mono = now_mono
        self._frames = self._bytes = 0
        return rates


def missed_packets(messages: Iterable[str]) -> int:
    """RTP packets that never came, by libav's own words (rtpdec.c): it tells nobody else."""
    found = (_MISSED.search(message) for message in messages)
    return sum(max(0, int(match[1])) for match in found if match)


class LossLog:
    """Collects this thread's libav messages, to count lost RTP packets; a context.

    Only for UDP: TCP loses none, and no other connection should pay for the messages.
    """

    def __init__(self) -> None:
        self._capture = av.logging.Capture(local=True)
        self._messages: list[tuple[int, str, str]] = []

    def __enter__(self) -> "LossLog":
        av.logging.set_skip_repeated(False)  # every "missed 1 packets" counts
        av.logging.set_level(av.logging.WARNING)
        self._messages = self._capture.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._capture.__exit__(*error)  # type: ignore[arg-type]

    def take(self) -> int:
        """Packets lost since the last call."""
        messages, self._messages[:] = [text for _, _, text in self._messages], []
        return missed_packets(messages)
