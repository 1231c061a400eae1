"""Writes the packets of one connection to a camera into files, cut on keyframes.

The first second of packets is held back until the offset between the camera's
media clock and the box's wall clock is known (domain.ClockOffset).
"""

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.domain import (
    Anchor,
    ClockOffset,
    Fragment,
    at_cut,
    first_anchor,
    should_cut,
    time_fault,
)
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened, WorkerEvent
from edge_agent.recording.fmp4 import Fmp4Writer

Report = Callable[[WorkerEvent], None]


class StreamError(Exception):
    """A stream that cannot be recorded; the text says why."""


class _OpenFile:
    """The file being written, and the part of it that is not a whole fragment yet."""

    def __init__(self, path: Path, start_us: int, template: VideoStream) -> None:
        self.writer = Fmp4Writer(path, template)
        self.start_us = start_us
        self.fragment_start_us = start_us
        self.end_us = start_us


class SessionWriter:
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
        self._offset = ClockOffset()
        # Packets held back until the clock offset is known; None afterwards.
        self._early: list[Packet[VideoStream]] | None = []
        self._file: _OpenFile | None = None

    def add(self, packet: "Packet[VideoStream]") -> bool:
        """Take a packet that has a time; False while nothing is being written yet."""
        if self._early is None:
            return self._write(packet)
        now = now_us()
        self._offset.add(now, self._media_us(packet))
        self._early.append(packet)
        if not self._offset.settled(now):
            return False
        return self._write_early()

    def _write_early(self) -> bool:
        early, self._early = self._early or [], None
        return any([self._write(packet) for packet in early])

    def _media_us(self, packet: "Packet[VideoStream]") -> int:
        return int((packet.pts or 0) * self._time_base * 1_000_000)

    def _write(self, packet: "Packet[VideoStream]") -> bool:
        media_us = self._media_us(packet)
        if packet.is_keyframe:
            self._at_keyframe(media_us)
        if self._file is None or self._anchor is None:
            return False
        at_us = self._anchor.wall_us(media_us)
        if not packet.is_keyframe:
            self._check_time(None, at_us)
        duration_us = int((packet.duration or 0) * self._time_base * 1_000_000)
        completed = self._file.writer.add(packet)
        if completed:
            self._write_fragment(self._file, completed, at_us)
        self._file.end_us = max(self._file.end_us, at_us + duration_us)
        return True

    def finish(self) -> int:
        """Write what is held back, close the open file; the end of the footage, microseconds UTC."""
        self._write_early()
        if self._file is None:
            return self._not_before_us
        end_us = self._file.end_us
        self._close_file(end_us, drift_us=0)
        return end_us

    def _at_keyframe(self, media_us: int) -> None:
        if self._file is None or self._anchor is None:
            sent_us = self._offset.wall_us(media_us)
            self._anchor = first_anchor(sent_us, media_us, self._not_before_us)
            self._lead_us = self._anchor.run_us - sent_us
            self._open_file(self._anchor, media_us)
            return
        boundary_us = self._anchor.wall_us(media_us)
        self._check_time(self._file.fragment_start_us, boundary_us)
        if should_cut(self._file.start_us, boundary_us):
            self._anchor, drift_us = at_cut(self._anchor, media_us, now_us())
            self._close_file(boundary_us, drift_us)
            self._open_file(self._anchor, media_us)

    def _check_time(self, previous_us: int | None, at_us: int) -> None:
        """Raises StreamError."""
        if fault := time_fault(previous_us, at_us, now_us(), self._lead_us):
            raise StreamError(fault)

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

    def _write_fragment(self, file: _OpenFile, completed: tuple[int, int], end_us: int) -> None:
        offset, size = completed
        fragment = Fragment(offset, size, file.fragment_start_us, end_us - file.fragment_start_us)
        file.fragment_start_us = end_us
        self._report(FragmentWritten(self._camera, file.start_us, fragment))


def segment_path(camera: str, start_us: int) -> str:
    """Where a segment lies below the recordings folder: camera/day/start.mp4."""
    day = to_datetime(start_us).strftime("%Y-%m-%d")
    return os.path.join(camera, day, f"{start_us}.mp4")  # noqa: PTH118 - a relative text, stored in the index
