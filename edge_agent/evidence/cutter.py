"""Cuts recorded footage into files that any player opens, at the exact instants, without re-encoding.

A file begins with the keyframe at or before the instant asked for; an edit list
(ISO/IEC 14496-12, 8.6.6) tells the player to start showing at the instant itself.
Footage that does not continue (a new run: reconnection, other codec, other size)
begins a new file, so that no file claims to be continuous where it is not.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from edge_agent.recording.domain import Segment

#: Whole files with the index at the front, so that they play while they are downloaded.
_OPTIONS = {"movflags": "faststart", "use_editlist": "1", "avoid_negative_ts": "disabled"}


class Cancelled(Exception):
    """The clip is not wanted any more."""


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """What was read of one recording file: its init section, and the stretch of fragments used.

    `sha256` is over the two, one after the other, as they are cut from.
    """

    segment: Segment
    sha256: str

    @property
    def offset(self) -> int:
        return self.segment.fragments[0].offset

    @property
    def size_bytes(self) -> int:
        last = self.segment.fragments[-1]
        return last.offset + last.size_bytes - self.offset


@dataclass(frozen=True, slots=True)
class Piece:
    """One continuous file of a clip; instants are microseconds UTC."""

    path: Path
    start_us: int
    end_us: int
    sources: tuple[SourceBytes, ...]


#: What libavformat puts into an MP4 and players open there; other sound (G.711) needs a QuickTime file.
_MP4_AUDIO = {"aac", "opus", "mp3"}

Progress = Callable[[int], None]  # bytes of footage copied


def runs(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments in time order, grouped by what continues without a break."""
    return [list(group) for _, group in groupby(segments, key=lambda segment: segment.run_us)]


def footage_bytes(segments: Iterable[Segment]) -> int:
    """How much is copied: the fragments' bytes."""
    return sum(fragment.size_bytes for segment in segments for fragment in segment.fragments)


def cut(
    recordings: Path, run: list[Segment], start_us: int, end_us: int, target: Path, progress: Progress
) -> Piece:
    """Write one run's footage between two instants to `target`, whose suffix becomes .mp4 or .mov.

    `run` is what RecordingIndex.footage gave of one run: segments with only the
    fragments that overlap the period. `progress` may raise Cancelled.
    Raises OSError, av.FFmpegError; `target` is then not to be used.
    """
    begin_us = max(start_us, run[0].fragments[0].start_us)
    format_ = _format(_read(recordings, run[0]))
    target = target.with_suffix(f".{format_}")
    sources: list[SourceBytes] = []
    with av.open(str(target), "w", format=format_, options=_OPTIONS) as output:
        writer = _PieceWriter(output, begin_us, end_us)
        for segment in run:
            footage = _read(recordings, segment)
            sources.append(SourceBytes(segment, hashlib.sha256(footage).hexdigest()))
            with av.open(io.BytesIO(footage), "r") as source:
                writer.copy(source, segment)
            progress(footage_bytes([segment]))
    return Piece(target, begin_us, max(begin_us, min(end_us, writer.last_us)), tuple(sources))


def _format(footage: bytes) -> str:
    with av.open(io.BytesIO(footage), "r") as source:
        sound = {stream.codec_context.name for stream in source.streams.audio}
    return "mp4" if sound <= _MP4_AUDIO else "mov"


def _read(recordings: Path, segment: Segment) -> bytes:
    """The initialisation section and the fragments wanted: a minute at most, so it fits in memory."""
    first, last = segment.fragments[0], segment.fragments[-1]
    with (recordings / segment.path).open("rb") as file:
        init = file.read(segment.init_bytes)
        file.seek(first.offset)
        return init + file.read(last.offset + last.size_bytes - first.offset)


class _PieceWriter:
    """Moves packets from recording files to one clip file, zero being the instant it begins to show."""

    def __init__(self, output: OutputContainer, begin_us: int, end_us: int) -> None:
        self._output = output
        self._begin_us = begin_us
        self._end_us = end_us
        self._streams: dict[int, Stream] = {}
        # Wall clock of media time zero, from the first file: the run's media time goes on through all.
        self._zero_us: int | None = None
        self.last_us = begin_us

    def copy(self, source: InputContainer, segment: Segment) -> None:
        wanted = [stream for stream in source.streams if stream.type in ("video", "audio")]
        if not self._streams:
            self._streams = {s.index: self._added(s) for s in wanted}
        for packet in self._timed(source.demux(wanted), segment):
            self._write(packet)

    def _added(self, source: Stream) -> Stream:
        tag: dict[str, Any] = {}
        if source.codec_context.name == "hevc":
            tag["codec_tag"] = "hvc1"  # recording.sample_entry
        return self._output.add_stream_from_template(source, **tag)

    def _timed(self, packets: "Iterator[Packet[Any]]", segment: Segment) -> "Iterator[Packet[Any]]":
        for packet in packets:
            if packet.pts is None or packet.dts is None:
                continue  # the flush packet at the end
            if self._zero_us is None and packet.stream.type == "video":
                self._zero_us = segment.fragments[0].start_us - _us(packet.pts, packet)
            if self._zero_us is not None:  # sound before the first picture has no place in a video
                yield packet

    def _write(self, packet: "Packet[Any]") -> None:
        zero_us = self._zero_us or 0
        # By decoding time: a picture shown before the end may need one that is shown after it.
        if zero_us + _us(packet.dts or 0, packet) >= self._end_us:
            return
        assert packet.time_base is not None and packet.pts is not None and packet.dts is not None
        shift = round((zero_us - self._begin_us) / 1_000_000 / packet.time_base)
        end_us = zero_us + _us(packet.pts + (packet.duration or 0), packet)
        packet.pts += shift
        packet.dts += shift
        packet.stream = self._streams[packet.stream.index]
        self.last_us = max(self.last_us, end_us)
        self._output.mux_one(packet)


def _us(ticks: int, packet: "Packet[Any]") -> int:
    assert packet.time_base is not None
    return int(ticks * packet.time_base * 1_000_000)
