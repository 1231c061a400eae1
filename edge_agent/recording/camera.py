"""Records one camera: connect, demux, write fragments, report; reconnect for ever.

Runs in a thread of a worker process (libavformat releases the GIL while it
reads), and tells the supervisor everything through `report`.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import structlog
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.domain import (
    Anchor,
    Fragment,
    at_cut,
    backoff_s,
    first_anchor,
    redact_url,
    should_cut,
    time_fault,
)
from edge_agent.recording.events import (
    CameraSource,
    FragmentWritten,
    Measured,
    SegmentClosed,
    SegmentOpened,
    StateChanged,
    WorkerEvent,
)
from edge_agent.recording.fmp4 import Fmp4Writer

log = structlog.get_logger()

#: A stream that gives no packet for this long is dead.
READ_TIMEOUT_S = 10.0
OPEN_TIMEOUT_S = 10.0
MEASURE_EVERY_S = 2.0

Report = Callable[[WorkerEvent], None]


class CameraRecorder(threading.Thread):
    """One camera's recording, until `stop()`."""

    def __init__(self, source: CameraSource, folder: Path, not_before_us: int, report: Report) -> None:
        super().__init__(name=f"camera-{source.id}", daemon=True)
        self.source = source
        self._folder = folder
        self._end_us = not_before_us
        self._report = report
        self._stopping = threading.Event()
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret

    def stop(self) -> None:
        """Ask to finish; the current file is closed at the next packet or time-out."""
        self._stopping.set()

    def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._report(StateChanged(self.source.id, "connecting", ""))
            try:
                self._record_session()
                reason = "the camera ended the stream"
                failures = 0
            except (av.FFmpegError, OSError, StreamError) as error:
                reason = redact_url(str(error))
                failures += 1
            if self._stopping.is_set():
                return
            self._report(StateChanged(self.source.id, "offline", reason))
            log.warning("camera_offline", camera=self.source.id, reason=reason, failures=failures)
            self._stopping.wait(backoff_s(failures, self._rng))

    def _record_session(self) -> None:
        """One connection, from RTSP DESCRIBE until it ends or fails."""
        with av.open(
            self.source.rtsp_url,
            options={"rtsp_transport": "tcp"},
            timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
        ) as stream:
            if not stream.streams.video:
                raise StreamError("the stream has no video")
            writer = _SessionWriter(self.source.id, self._folder, stream, self._end_us, self._report)
            try:
                self._pump(stream, writer)
            finally:
                self._end_us = max(self._end_us, writer.finish())

    def _pump(self, stream: InputContainer, writer: "_SessionWriter") -> None:
        meter = _Meter(self.source.id, self._report)
        for packet in stream.demux(stream.streams.video[0]):
            if self._stopping.is_set():
                return
            if packet.dts is None or packet.pts is None:
                continue  # the flush packet at the end, or one that has no place in time
            if writer.add(packet) and meter.first():
                self._report(StateChanged(self.source.id, "online", ""))
            meter.count(packet.size)


class StreamError(Exception):
    """A stream that cannot be recorded; the text says why."""


class _Meter:
    """Frame and bit rate, reported every MEASURE_EVERY_S."""

    def __init__(self, camera: str, report: Report) -> None:
        self._camera = camera
        self._report = report
        self._since_mono = time.monotonic()
        self._frames = 0
        self._bytes = 0
        self._started = False

    def first(self) -> bool:
        """True once."""
        started, self._started = self._started, True
        return not started

    def count(self, size_bytes: int) -> None:
        self._frames += 1
        self._bytes += size_bytes
        elapsed = time.monotonic() - self._since_mono
        if elapsed < MEASURE_EVERY_S:
            return
        self._report(Measured(self._camera, self._frames / elapsed, int(self._bytes * 8 / elapsed), now_us()))
        self._since_mono = time.monotonic()
        self._frames = self._bytes = 0


class _OpenFile:
    """The file being written, and the part of it that is not a whole fragment yet."""

    def __init__(self, path: Path, start_us: int, template: VideoStream) -> None:
        self.writer = Fmp4Writer(path, template)
        self.start_us = start_us
        self.fragment_start_us = start_us
        self.end_us = start_us


class _SessionWriter:
    """Turns the packets of one connection into files, cut on keyframes."""

    def __init__(
        self, camera: str, folder: Path, stream: InputContainer, not_before_us: int, report: Report
    ) -> None:
        self._camera = camera
        self._folder = folder
        self._template = stream.streams.video[0]
        self._time_base: Fraction = self._template.time_base or Fraction(1, 90_000)
        self._not_before_us = not_before_us
        self._report = report
        self._anchor: Anchor | None = None
        self._lead_us = 0
        self._file: _OpenFile | None = None

    def add(self, packet: "Packet[VideoStream]") -> bool:
        """Take a packet that has a time; False while the first keyframe has not come."""
        media_us = int((packet.pts or 0) * self._time_base * 1_000_000)
        if packet.is_keyframe:
            self._at_keyframe(media_us)
        if self._file is None or self._anchor is None:
            return False
        duration_us = int((packet.duration or 0) * self._time_base * 1_000_000)
        completed = self._file.writer.add(packet)
        if completed:
            self._fragment_done(completed, self._anchor.wall_us(media_us))
        self._file.end_us = max(self._file.end_us, self._anchor.wall_us(media_us) + duration_us)
        return True

    def finish(self) -> int:
        """Close the open file; returns the end of the footage, microseconds UTC."""
        if self._file is None:
            return self._not_before_us
        end_us = self._file.end_us
        self._close_file(end_us, drift_us=0)
        return end_us

    def _at_keyframe(self, media_us: int) -> None:
        if self._file is None or self._anchor is None:
            now = now_us()
            self._anchor = first_anchor(now, media_us, self._not_before_us)
            self._lead_us = self._anchor.run_us - now
            self._open_file(self._anchor, media_us)
            return
        boundary_us = self._anchor.wall_us(media_us)
        if fault := time_fault(self._file.fragment_start_us, boundary_us, now_us(), self._lead_us):
            raise StreamError(fault)
        if should_cut(self._file.start_us, boundary_us):
            self._anchor, drift_us = at_cut(self._anchor, media_us, now_us())
            self._close_file(boundary_us, drift_us)
            self._open_file(self._anchor, media_us)

    def _open_file(self, anchor: Anchor, media_us: int) -> None:
        start_us = anchor.wall_us(media_us)
        path = segment_path(self._camera, start_us)
        self._file = _OpenFile(self._folder / path, start_us, self._template)
        self._report(SegmentOpened(self._camera, start_us, anchor.run_us, path, self._file.writer.init_bytes))

    def _close_file(self, boundary_us: int, drift_us: int) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        completed = file.writer.close()
        if completed:
            self._write_fragment(file, completed, boundary_us)
        self._report(SegmentClosed(self._camera, file.start_us, drift_us))

    def _fragment_done(self, completed: tuple[int, int], end_us: int) -> None:
        if self._file is not None:
            self._write_fragment(self._file, completed, end_us)

    def _write_fragment(self, file: _OpenFile, completed: tuple[int, int], end_us: int) -> None:
        offset, size = completed
        fragment = Fragment(offset, size, file.fragment_start_us, end_us - file.fragment_start_us)
        file.fragment_start_us = end_us
        self._report(FragmentWritten(self._camera, file.start_us, fragment))


def segment_path(camera: str, start_us: int) -> str:
    """Where a segment lies below the recordings folder: camera/day/start.mp4."""
    day = to_datetime(start_us).strftime("%Y-%m-%d")
    return os.path.join(camera, day, f"{start_us}.mp4")  # noqa: PTH118 - a relative text, stored in the index
