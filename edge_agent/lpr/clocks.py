"""What a camera's clock is worth, as the box can tell from its pushes.

A push arrives a little after its read, or long after when the camera's network was down; a
clock that is off arrives with the same difference every time. So the difference counts only
when it is steady over pushes that come at the pace of the reads.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median

from edge_agent.lpr.domain import clock_is_off

#: More than this is off: a camera with NTP is within a second, and pushes within two.
OFF_US = 5_000_000
#: Pushes that the difference is judged by, and how long they must have taken: a backlog comes faster. Those
#: of a few seconds count as one. A clock that is set otherwise shows when so many came after it.
_PUSHES, _PUSHES_AT_LEAST, _SPAN_US, _ONE_US = 8, 5, 60_000_000, 3_000_000
#: How far the differences of one clock may lie apart.
_STEADY_US = 3_000_000


@dataclass
class CameraClock:
    """One camera's clock against the box's; `offset_us` is the box's minus the camera's."""

    #: When the box received pushes, and the smallest difference then.
    _seen: deque[tuple[int, int]] = field(default_factory=deque)
    offset_us: int | None = None

    @property
    def off(self) -> bool:
        return self.offset_us is not None and abs(self.offset_us) > OFF_US

    def observe(self, camera_us: int, received_us: int) -> None:
        self._remember(received_us, received_us - camera_us)
        received = [at_us for at_us, _ in self._seen]
        offsets = [offset_us for _, offset_us in self._seen]
        enough = len(received) >= _PUSHES_AT_LEAST and max(received) - min(received) >= _SPAN_US
        steady = median(offsets) - min(offsets) <= _STEADY_US
        # A push never comes before its read: the smallest difference is nearest to the clock's.
        self.offset_us = min(offsets) if enough and steady else None

    def _remember(self, received_us: int, offset_us: int) -> None:
        last_us, least_us = self._seen[-1] if self._seen else (received_us - _ONE_US, 0)
        if 0 <= received_us - last_us < _ONE_US:
            self._seen[-1] = last_us, min(least_us, offset_us)
            return
        self._seen.append((received_us, offset_us))
        while len(self._seen) > _PUSHES and abs(received_us - self._seen[1][0]) >= _SPAN_US:
            self._seen.popleft()

    def judge(self, camera_us: int, received_us: int) -> tuple[int, bool]:
        """When a read happened by the box's clock, and whether the camera's is off."""
        if self.off and self.offset_us is not None:
            return min(camera_us + self.offset_us, received_us), True
        if clock_is_off(camera_us, received_us):
            return received_us, True
        return camera_us, False
