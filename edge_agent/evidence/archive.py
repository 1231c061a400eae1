"""A clip's ZIP, and stretches of it.

Its entries are stored, not compressed (video does not compress), so that each lies in the
ZIP as it is and can be read, or continued, from any byte.
"""

import asyncio
import struct
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 256 * 1024
#: PKWARE APPNOTE, 4.3.7: a fixed part, at its end the lengths of the name and of the extra field.
_LOCAL_HEADER_BYTES = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a file."""

    file: Path
    offset: int
    size_bytes: int

    def part(self, first: int, size_bytes: int) -> "Stretch":
        """Some of it, from a byte of its own on."""
        return Stretch(self.file, self.offset + first, size_bytes)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes, read off the event loop. Raises OSError."""
        handle = await asyncio.to_thread(self.file.open, "rb")
        with handle:
            handle.seek(self.offset)
            left = self.size_bytes
            while left and (chunk := await asyncio.to_thread(handle.read, min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk


def entry(archive: Path, name: str) -> Stretch:
    """Where one stored file lies in a ZIP. Raises OSError, KeyError, zipfile.BadZipFile."""
    with zipfile.ZipFile(archive) as opened, archive.open("rb") as raw:
        info = opened.getinfo(name)
        raw.seek(info.header_offset)
        name_bytes, extra_bytes = struct.unpack("<HH", raw.read(_LOCAL_HEADER_BYTES)[-4:])
    offset = info.header_offset + _LOCAL_HEADER_BYTES + name_bytes + extra_bytes
    return Stretch(archive, offset, info.file_size)
