"""Footage that has no row yet, in memory: files being written, and closed ones that the database refused.

Methods may be called from any thread. A file goes from one state to the next under one
lock, so that who asks finds it once.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace

import structlog

from edge_agent.clock import ClockState, clock_state
from edge_agent.recording.domain import LiveFragment, Segment
from edge_agent.recording.events import FragmentWritten, SegmentOpened

log = structlog.get_logger()

#: Fragments kept per camera for live playlists; about 12 s at one keyframe a second.
LIVE_TAIL = 12
#: Of all cameras, about 10 kB each; more of them wait for the next start's repair.
MAX_CLOSED = 2000


class GrowingFootage:
    """What the recorders report, until its rows are committed."""

    def __init__(self, clock: Callable[[], ClockState] = clock_state) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Segment] = {}
        self._closed: list[Segment] = []
        self._tails: dict[str, deque[LiveFragment]] = {}
        #: By camera, since the box started.
        self.recorded_bytes: Counter[str] = Counter()

    def begin(self, event: SegmentOpened) -> None:
        """A file begins; one that the camera's last recorder left open is closed."""
        with self._lock:
            self._close(event.camera, 0)
            self._open[event.camera] = Segment(
                event.camera, event.start_us, event.run_us, event.path, event.init_bytes
            )

    def add(self, event: FragmentWritten) -> None:
        with self._lock:
            segment = self._open[event.camera]
            self._open[event.camera] = replace(segment, fragments=(*segment.fragments, event.fragment))
            self.recorded_bytes[event.camera] += event.fragment.size_bytes
        tail = self._tails.setdefault(event.camera, deque(maxlen=LIVE_TAIL))
        last = tail[-1] if tail else None
        broken = last is not None and last.segment.run_us != segment.run_us
        tail.append(
            LiveFragment(
                number=last.number + 1 if last else 0,
                discontinuities=last.discontinuities + broken if last else 0,
                segment=replace(segment, fragments=()),
                fragment=event.fragment,
            )
        )

    def close(self, camera: str, drift_us: int = 0) -> None:
        """A camera's open file is complete; nothing where none is open."""
        with self._lock:
            self._close(camera, drift_us)

    def _close(self, camera: str, drift_us: int) -> None:
        segment = self._open.pop(camera, None)
        if segment is None:
            return
        clock = self._clock()
        self._closed.append(
            replace(
                segment,
                drift_us=drift_us,
                clock_synchronised=clock.synchronised,
                clock_error_ms=clock.error_ms,
            )
        )
        if len(self._closed) > MAX_CLOSED:
            log.error("recording_left_to_repair", path=self._closed.pop(0).path)

    def closed(self) -> list[Segment]:
        """What waits for its row, in the order in which it was closed."""
        with self._lock:
            return self._closed.copy()

    def stored(self, segment: Segment) -> None:
        """Its row is committed, or never will be."""
        with self._lock:
            if segment in self._closed:
                self._closed.remove(segment)

    def is_open(self, camera: str, start_us: int) -> bool:
        with self._lock:
            segment = self._open.get(camera)
            return segment is not None and segment.start_us == start_us

    def oldest_us(self, now_us: int) -> int:
        """When the oldest of these files begins; now, where there is none."""
        with self._lock:
            return min([now_us, *(s.start_us for s in (*self._closed, *self._open.values()))])

    def has(self, path: str) -> bool:
        with self._lock:
            return any(segment.path == path for segment in (*self._closed, *self._open.values()))

    def of(self, camera: str) -> list[Segment]:
        """A camera's files, in time order."""
        with self._lock:
            opened = [self._open[camera]] if camera in self._open else []
            return [*(segment for segment in self._closed if segment.camera == camera), *opened]

    def tail(self, camera: str) -> list[LiveFragment]:
        """The newest fragments of a camera, whether they have rows or not."""
        return list(self._tails.get(camera, ()))
