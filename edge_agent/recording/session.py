"""Makes files of the packets of one connection to a camera, cut on keyframes.

The first second of packets is held back until the offset between the camera's
media clock and the box's wall clock is known (domain.ClockOffset). Nothing here
waits for the disk (recording.disk).
"""

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.disk import Lane, RecordingFile
from edge_agent.recording.domain import (
    MAX_DRIFT_US,
    Anchor,
    ClockOffset,
    Fragment,
    at_cut,
    first_anchor,
    missing_times,
    should_cut,
    time_fault,
)
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened, WorkerEvent
from edge_agent.recording.fmp4 import Fmp4Muxer, Picture
from edge_agent.recording.nal import is_annex_b, parameter_sets

Report = Callable[[WorkerEvent], None]


class StreamError(Exception):
    """A stream that cannot be recorded; the text says why, `reason` says it to people (pt-BR)."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class _OpenFile:
    """The file being written, and the part of it that is not a whole fragment yet."""

    def __init__(self, path: Path, start_us: int, muxer: Fmp4Muxer) -> None:
        self.file = RecordingFile(path)
        self.muxer = muxer
        self.start_us = start_us
        self.fragment_start_us = start_us
        self.size_bytes = len(muxer.init_section)
        self.last_us = start_us
        self.frame_us = 0

    @property
    def end_us(self) -> int:
        return self.last_us + self.frame_us

    def saw(self, at_us: int) -> None:
        """A packet's time. How long the last one lasts is told by those before it: the frame
        rate that a camera declares is often wrong."""
        if at_us > self.last_us:
            self.frame_us, self.last_us = min(at_us - self.last_us, MAX_DRIFT_US), at_us


class SessionWriter:
    """Turns the packets of one connection into files, cut on keyframes."""

    def __init__(
        self,
        camera: str,
        folder: Path,
        stream: InputContainer,
        not_before_us: int,
        report: Report,
        lane: Lane,
    ) -> None:
        self._camera = camera
        self._folder = folder
        self._template = stream.streams.video[0]
        time_base = self._template.time_base or Fraction(1, 90_000)
        us_per_tick = time_base * 1_000_000
        self._ticks = us_per_tick.numerator, us_per_tick.denominator
        self._not_before_us = self._ended_us = not_before_us
        self._report = report
        self._lane = lane
        self._anchor: Anchor | None = None
        self._lead_us = 0
        self._offset = ClockOffset()
        # Packets held back until the clock offset is known; None afterwards.
        self._early: list[Packet[VideoStream]] | None = []
        self._file: _OpenFile | None = None
        self._last_dts: int | None = None
        announced = bytes(self._template.codec_context.extradata or b"")
        self._announced = announced
        # A file for tests has its parameter sets outside; a camera sends Annex B.
        self._in_band = is_annex_b(announced) or not announced
        self._sps = b""
        self._picture: Picture | None = None
        #: The box's clock minus the footage's at the last keyframe; None before there is footage.
        self.drift_us: int | None = None
        #: The picture's size, as the camera sends it.
        self.size = self._template.codec_context.width, self._template.codec_context.height

    def add(self, packet: "Packet[VideoStream]") -> bool:
        """Take a packet; False while nothing is being written yet. Raises StreamError, DiskFailure,
        av.FFmpegError. A packet without a time is written only if it is among the first."""
        if self._early is None:
            return packet.pts is not None and self._write(packet)
        now = now_us()
        if packet.pts is not None:
            self._offset.add(now, self._media_us(packet))
        self._early.append(packet)
        if not self._offset.settled(now):
            return False
        return self._write_early()

    def finish(self) -> int:
        """Write what is held back, close the open file; the end of the footage, microseconds UTC."""
        try:
            self._write_early()
            if self._file is not None and self._lane.failure is None:
                self._close_file(self._file.end_us, drift_us=0)
        finally:
            self._let_go()
        return self.end_us

    @property
    def end_us(self) -> int:
        """Where the footage ends, also of what the disk did not take: microseconds UTC."""
        return self._file.end_us if self._file is not None else self._ended_us

    def _let_go(self) -> None:
        """Wait for the disk; after a failure what had been written is closed here."""
        drained = self._lane.drain()
        self._ended_us = self.end_us
        file, self._file = self._file, None
        if file is not None and drained and file.file.is_open:
            file.file.close()
            self._report(SegmentClosed(self._camera, file.start_us, 0))

    def _write_early(self) -> bool:
        early, self._early = self._early or [], None
        times = missing_times([packet.dts for packet in early])
        for packet, dts in zip(early, times, strict=True):
            if packet.pts is None:
                packet.pts = packet.dts = dts
        return any([self._write(packet) for packet in early if packet.pts is not None])

    def _media_us(self, packet: "Packet[VideoStream]") -> int:
        numerator, denominator = self._ticks
        return (packet.pts or 0) * numerator // denominator

    def _write(self, packet: "Packet[VideoStream]") -> bool:
        media_us = self._media_us(packet)
        if is_keyframe := packet.is_keyframe:
            self._at_keyframe(packet, media_us)
        if self._file is None or self._anchor is None:
            return False
        at_us = self._anchor.wall_us(media_us)
        if not is_keyframe:
            self._check_time(None, at_us)
        self._check_order(packet.dts)
        self._write_fragment(self._file, self._file.muxer.add(packet), at_us)
        self._file.saw(at_us)
        return True

    def _check_order(self, dts: int | None) -> None:
        """Raises StreamError."""
        if dts is not None:
            if self._last_dts is not None and dts < self._last_dts:
                raise StreamError("the camera's timestamps went backwards")
            self._last_dts = dts

    def _at_keyframe(self, packet: "Packet[VideoStream]", media_us: int) -> None:
        changed = self._picture_changed(packet)
        if self._file is None or self._anchor is None:
            sent_us = self._offset.wall_us(media_us)
            self._anchor = first_anchor(sent_us, media_us, self._not_before_us)
            self._lead_us = self._anchor.run_us - sent_us
            self._open_file(self._anchor, media_us)
            return
        boundary_us = self._anchor.wall_us(media_us)
        self._check_time(self._file.fragment_start_us, boundary_us)
        self.drift_us = now_us() - boundary_us
        if changed or should_cut(self._file.start_us, boundary_us):
            self._anchor, drift_us = at_cut(self._anchor, media_us, now_us(), new_run=changed)
            self._close_file(boundary_us, drift_us)
            self._open_file(self._anchor, media_us)

    def _picture_changed(self, packet: "Packet[VideoStream]") -> bool:
        """Whether the pictures from this keyframe on need another init section than those before."""
        codec = self._template.codec_context.name
        sets = parameter_sets(codec, bytes(packet)) if self._in_band else None
        if sets is None or sets.sps == self._sps:
            return False
        self._sps = sets.sps
        if sets.sps in self._announced:
            self._picture = None
            return True
        width, height = picture_size(codec, bytes(packet)) or self.size
        self._picture, self.size = Picture(sets.annex_b, width, height), (width, height)
        return True

    def _check_time(self, previous_us: int | None, at_us: int) -> None:
        """Raises StreamError."""
        if fault := time_fault(previous_us, at_us, now_us(), self._lead_us):
            raise StreamError(fault)

    def _open_file(self, anchor: Anchor, media_us: int) -> None:
        start_us = anchor.wall_us(media_us)
        path = segment_path(self._camera, start_us)
        opened = _OpenFile(self._folder / path, start_us, Fmp4Muxer(self._template, self._picture))
        init_section = opened.muxer.init_section
        event = SegmentOpened(self._camera, start_us, anchor.run_us, path, len(init_section))

        def create() -> None:
            opened.file.create(init_section)
            self._report(event)

        self._lane.put(create, len(init_section))
        self._file = opened

    def _close_file(self, boundary_us: int, drift_us: int) -> None:
        closing = self._file
        if closing is None:
            return
        self._write_fragment(closing, closing.muxer.close(), boundary_us)
        event = SegmentClosed(self._camera, closing.start_us, drift_us)

        def close() -> None:
            closing.file.close()
            self._report(event)

        self._ended_us, self._file = closing.end_us, None
        self._lane.put(close)

    def _write_fragment(self, into: _OpenFile, data: bytes, end_us: int) -> None:
        if not data:
            return
        start_us = into.fragment_start_us
        fragment = Fragment(into.size_bytes, len(data), start_us, end_us - start_us)
        event = FragmentWritten(self._camera, into.start_us, fragment)
        into.fragment_start_us = end_us
        into.size_bytes += len(data)

        def append() -> None:
            into.file.append(data)
            self._report(event)

        self._lane.put(append, len(data))


def picture_size(codec: str, keyframe: bytes) -> tuple[int, int] | None:
    """Width and height of a keyframe, by decoding it: this happens once a change."""
    decoder = av.CodecContext.create(codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    try:
        frames = [*decoder.decode(Packet(keyframe)), *decoder.decode(None)]
    except av.FFmpegError:
        return None
    return next(((f.width, f.height) for f in frames if isinstance(f, VideoFrame)), None)


def segment_path(camera: str, start_us: int) -> str:
    """Where a segment lies below the recordings folder: camera/day/start.mp4."""
    day = to_datetime(start_us).strftime("%Y-%m-%d")
    return os.path.join(camera, day, f"{start_us}.mp4")  # noqa: PTH118 - a relative text, stored in the index
