"""Makes index and disk agree after a crash or a power cut, before recording starts.

A recording file without a row is cut to its last whole fragment and indexed; a
row without a file is dropped. Nothing else is touched.
"""

import os
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import structlog

from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.index import RecordingIndex

log = structlog.get_logger()

Box = tuple[bytes, int, int]  # kind, offset, size


def repair(index: RecordingIndex) -> tuple[int, int]:
    """Returns how many files were indexed and how many rows were dropped."""
    known = index.known_paths()
    on_disk = {str(path.relative_to(index.folder)) for path in index.folder.glob("*/*/*.mp4")}
    for path in sorted(known - on_disk):
        log.error("recording_file_missing", path=path)
        index.forget_path(path)
    adopted = [_adopt(index, path) for path in sorted(on_disk - known)]
    return sum(adopted), len(known - on_disk)


def _adopt(index: RecordingIndex, path: str) -> bool:
    file = index.folder / path
    try:
        segment = recover(file, path)
    except (av.FFmpegError, ValueError) as error:
        # One strange file must not keep the box from recording; it stays for a technician to look at.
        log.error("recording_file_unreadable", path=path, error=str(error))
        return False
    if segment is None:
        log.warning("recording_file_empty", path=path, size_bytes=file.stat().st_size)
        file.unlink()
        return False
    index.store_segment(segment)
    log.warning("recording_file_repaired", path=path, fragments=len(segment.fragments))
    return True


def recover(file: Path, path: str) -> Segment | None:
    """Cut a recording file to its last whole fragment; None when it has none.

    Raises ValueError, av.FFmpegError for a file that the recorder did not write.
    """
    boxes = list(_whole_boxes(file))
    moofs = [box for box, following in pairwise(boxes) if box[0] == b"moof" and following[0] == b"mdat"]
    if not moofs:
        return None
    start_us = int(file.stem)
    whole_end = _end_of_last_fragment(boxes)
    _cut(file, whole_end)  # first: the demuxer fails on a torn box at the end
    starts = _fragment_starts(file, [offset for _, offset, _ in moofs])
    ends = [offset for _, offset, _ in moofs[1:]] + [whole_end]
    fragments = tuple(
        Fragment(moof[1], end - moof[1], start_us + begin, until - begin)
        for moof, end, (begin, until) in zip(moofs, ends, pairwise(starts), strict=True)
    )
    return Segment(
        camera=file.parent.parent.name,
        start_us=start_us,
        run_us=start_us,  # which run it continued is not known: a discontinuity is always right
        path=path,
        init_bytes=moofs[0][1],
        fragments=fragments,
    )


def _whole_boxes(file: Path) -> Iterator[Box]:
    """The top-level boxes that are complete in the file (ISO/IEC 14496-12, 4.2)."""
    length = file.stat().st_size
    with file.open("rb") as handle:
        offset = 0
        while offset + 8 <= length:
            handle.seek(offset)
            size, kind = struct.unpack(">I4s", handle.read(8))
            if size < 8 or offset + size > length:
                return  # torn, or zeros that a file system left behind
            yield kind, offset, size
            offset += size


def _end_of_last_fragment(boxes: list[Box]) -> int:
    return max(offset + size for kind, offset, size in boxes if kind == b"mdat")


def _cut(file: Path, size_bytes: int) -> None:
    with file.open("r+b") as handle:
        handle.truncate(size_bytes)
        os.fsync(handle.fileno())


def _fragment_starts(file: Path, moof_offsets: list[int]) -> list[int]:
    """Start of each fragment and end of the last, in microseconds from the start of the file."""
    first_of: dict[int, int] = {}
    end_us = 0
    with av.open(str(file)) as container:
        video = container.streams.video[0]
        for packet in container.demux(video):
            if packet.pts is None or packet.pos is None or not video.time_base:
                continue
            at_us = int(packet.pts * video.time_base * 1_000_000)
            number = sum(offset <= packet.pos for offset in moof_offsets) - 1
            first_of[number] = min(at_us, first_of.get(number, at_us))
            end_us = max(end_us, at_us + int((packet.duration or 0) * video.time_base * 1_000_000))
    if len(first_of) != len(moof_offsets):
        raise ValueError(f"{len(moof_offsets)} fragments, of which {len(first_of)} hold video")
    zero_us = first_of[0]
    return [first_of[n] - zero_us for n in range(len(moof_offsets))] + [end_us - zero_us]
