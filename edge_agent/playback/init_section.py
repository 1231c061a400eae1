"""What the initialisation section of a recording file (ftyp, moov) says: its tracks and their codecs.

Boxes as in ISO/IEC 14496-12; codec strings as in RFC 6381, ISO/IEC 14496-15 annex E.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex"}
_ENTRY_HEADER = {b"vide": 86, b"soun": 36}  # a sample entry's own fields, before its boxes
_STSD_HEADER = 16
_PICTURE_SIZE_AT = 32  # in a visual sample entry, with its header


class Part(NamedTuple):
    kind: bytes
    data: bytes  # with its header


class Malformed(ValueError):
    """These bytes are not an initialisation section."""


def parts(data: bytes) -> Iterator[Part]:
    """The boxes in a row of bytes. Raises Malformed."""
    offset = 0
    while offset + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        if size < 8 or offset + size > len(data):
            raise Malformed(f"box {kind!r} does not fit")
        yield Part(kind, data[offset : offset + size])
        offset += size


def codecs(init: bytes) -> list[str]:
    """The RFC 6381 name of every track. Raises Malformed."""
    return [_codec(trak) for trak in _traks(init)]


def sample_entries(init: bytes) -> list[bytes]:
    """The first sample entry of every track (8.5.2). Raises Malformed."""
    return [_entry(trak).data for trak in _traks(init)]


def video_codec(init: bytes) -> str:
    """The RFC 6381 name of the pictures. Raises Malformed."""
    return _codec(_video_trak(init))


def picture_size(init: bytes) -> tuple[int, int]:
    """Width and height that the track of pictures declares (12.1.3). Raises Malformed."""
    width, height = struct.unpack_from(">HH", _entry(_video_trak(init)).data, _PICTURE_SIZE_AT)
    return width, height


def _video_trak(init: bytes) -> bytes:
    for trak in _traks(init):
        if _find(trak[8:], b"mdia", b"hdlr")[16:20] == b"vide":
            return trak
    raise Malformed("no track of video")


def is_sound(part: Part) -> bool:
    """Whether a box of `moov` is a track of sound. Raises Malformed."""
    return part.kind == b"trak" and _find(part.data[8:], b"mdia", b"hdlr")[16:20] == b"soun"


def _traks(init: bytes) -> list[bytes]:
    moov = _find(init, b"moov")
    return [part.data for part in parts(moov[8:]) if part.kind == b"trak"]


def _find(data: bytes, *path: bytes) -> bytes:
    """The first box at a path, with its header. Raises Malformed."""
    for kind in path:
        found = next((part.data for part in parts(data) if part.kind == kind), None)
        if found is None:
            raise Malformed(f"no box {kind!r}")
        data = found[8:] if kind in _CONTAINERS and kind != path[-1] else found
    return data


def _entry(trak: bytes) -> Part:
    stsd = _find(trak[8:], b"mdia", b"minf", b"stbl", b"stsd")
    return next(parts(stsd[_STSD_HEADER:]))


def _codec(trak: bytes) -> str:
    entry = _entry(trak)
    name = entry.kind.decode("latin-1")
    if entry.kind == b"mp4a":
        return "mp4a.40.2"  # AAC-LC: what cameras send
    configuration = {b"avc1": b"avcC", b"avc3": b"avcC", b"hvc1": b"hvcC", b"hev1": b"hvcC"}.get(entry.kind)
    if configuration is None:
        return "opus" if name == "Opus" else name
    record = _find(entry.data[_ENTRY_HEADER[b"vide"] :], configuration)[8:]
    return f"{name}.{record[1:4].hex()}" if configuration == b"avcC" else f"{name}.{_hevc(record)}"


def _hevc(record: bytes) -> str:
    """ISO/IEC 14496-15, E.3: profile, compatibility (bits reversed), tier and level, constraints."""
    profile_byte, compatibility = record[1], struct.unpack_from(">I", record, 2)[0]
    space = ("", "A", "B", "C")[profile_byte >> 6]
    reversed_bits = int(f"{compatibility:032b}"[::-1], 2)
    tier = "H" if profile_byte >> 5 & 1 else "L"
    constraints = [f"{byte:X}" for byte in record[6:12].rstrip(b"\0")]
    return ".".join(
        [f"{space}{profile_byte & 31}", f"{reversed_bits:X}", f"{tier}{record[12]}", *constraints]
    )
