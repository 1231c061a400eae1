"""Reads groups of pictures out of recording files as a WebRTC sender takes them.

A fragment and its file's initialisation section are a whole MP4 (ISO/IEC 14496-12):
only these bytes are read. Times are the box's wall clock, microseconds UTC.
"""

import io
from dataclasses import dataclass
from fractions import Fraction

import av
import structlog
from av.bitstream import BitStreamFilterContext

from edge_agent.playback import services
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.index import RecordingIndex

log = structlog.get_logger()

#: How far footage is looked at: the index need not unpack a day for the next second.
NEAR_US = 120_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One access unit in Annex B form, parameter sets before each keyframe."""

    data: bytes
    at_us: int
    is_keyframe: bool


@dataclass(frozen=True, slots=True)
class Gop:
    """A keyframe and what follows until the next."""

    start_us: int
    end_us: int
    codec: str
    frames: list[Frame]


def gop_at(index: RecordingIndex, camera: str, at_us: int) -> Gop | None:
    """The group that covers an instant, or the first one after it, however long the gap.

    None when there is none. Raises services.NoFootage when it cannot be read.
    """
    segments = index.footage(camera, at_us, at_us + NEAR_US)
    if not segments:
        next_us = index.next_start_us(camera, at_us)
        segments = [] if next_us is None else index.footage(camera, next_us, next_us + NEAR_US)
    return read_gop(index, segments[0], segments[0].fragments[0]) if segments else None


def gop_before(index: RecordingIndex, camera: str, at_us: int) -> Gop | None:
    """The last group that begins before an instant; None when none does within NEAR_US.

    Raises services.NoFootage when it cannot be read.
    """
    segments = index.footage(camera, at_us - NEAR_US, at_us)
    return read_gop(index, segments[-1], segments[-1].fragments[-1]) if segments else None


def read_gop(index: RecordingIndex, segment: Segment, fragment: Fragment) -> Gop:
    """Raises services.NoFootage when the file has gone meanwhile, or is damaged."""
    try:
        return _read_gop(index, segment, fragment)
    except (av.FFmpegError, OSError, IndexError) as error:  # IndexError: no video, or no frame in it
        log.error("recording_unreadable", path=segment.path, offset=fragment.offset, error=str(error))
        raise services.NoFootage("O arquivo desta gravação está danificado e não pôde ser lido.") from None


def _read_gop(index: RecordingIndex, segment: Segment, fragment: Fragment) -> Gop:
    head = services.read_media(index, segment.camera, segment.start_us, 0, segment.init_bytes)
    body = services.read_media(index, segment.camera, segment.start_us, fragment.offset, fragment.size_bytes)
    with av.open(io.BytesIO(head + body), "r") as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        time_base = stream.time_base or Fraction(1, 90_000)
        to_annex_b = BitStreamFilterContext(f"{codec}_mp4toannexb", stream)
        packets = [
            p for raw in container.demux(stream) if raw.pts is not None for p in to_annex_b.filter(raw)
        ]
        first_pts = packets[0].pts or 0
        frames = [
            Frame(
                bytes(packet),
                fragment.start_us + int(((packet.pts or 0) - first_pts) * time_base * 1_000_000),
                packet.is_keyframe,
            )
            for packet in packets
        ]
    return Gop(fragment.start_us, fragment.end_us, codec, frames)
