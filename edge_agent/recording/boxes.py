"""The top-level boxes of a recording file (ISO/IEC 14496-12, 4.2), read without a demuxer."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from edge_agent.recording.domain import Segment

_HEADER = 8


class Box(NamedTuple):
    kind: bytes
    offset: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size


def whole_boxes(file: Path) -> Iterator[Box]:
    """The boxes from the start of the file that are complete in it. Raises OSError."""
    length = file.stat().st_size
    with file.open("rb") as handle:
        offset = 0
        while offset + _HEADER <= length:
            handle.seek(offset)
            size, kind = struct.unpack(">I4s", handle.read(_HEADER))
            if size < _HEADER or offset + size > length:
                return  # torn, or zeros that a file system left behind
            yield Box(kind, offset, size)
            offset += size


def holds(file: Path, segment: Segment) -> bool:
    """Whether the file is, box by box, what the index says of it. Raises OSError."""
    boxes = list(whole_boxes(file))
    moofs = {box.offset for box in boxes if box.kind == b"moof"}
    ends = {box.end for box in boxes}
    return (
        file.stat().st_size == segment.size_bytes
        and all(f.offset in moofs and f.offset + f.size_bytes in ends for f in segment.fragments)
        and segment.init_bytes in ends
    )
