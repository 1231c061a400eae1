"""NAL units of an access unit, each behind its length in 4 bytes (ISO/IEC 14496-15), without a decoder.

A camera that is given another resolution goes on in the same connection with another sequence parameter
set before a keyframe.
"""

from collections.abc import Iterable, Iterator

#: Sequence parameter sets, and all parameter sets (ITU-T H.264 table 7-1, H.265 table 7-1).
_SPS = {"h264": 7, "h265": 33}
_SETS = {"h264": frozenset({7, 8, 13}), "h265": frozenset({32, 33, 34})}
_START_CODE = b"\0\0\0\1"
_LENGTH_BYTES = 4


def units(data: bytes) -> Iterator[bytes]:
    """The NAL units, lazily."""
    at = 0
    while at + _LENGTH_BYTES < len(data):
        size = int.from_bytes(data[at : at + _LENGTH_BYTES])
        at += _LENGTH_BYTES
        yield data[at : at + size]
        at += size


def kind_of(codec: str, unit: bytes) -> int:
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def parameter_sets(codec: str, data: bytes) -> list[bytes]:
    """Those before the first picture of an access unit, in order."""
    found = []
    for unit in units(data):
        kind = kind_of(codec, unit)
        if kind in _SETS[codec]:
            found.append(unit)
        elif is_picture(codec, kind):
            break
    return found


def completed(codec: str, announced: Iterable[bytes], data: bytes) -> bytes:
    """An access unit with all parameter sets before it: those of a kind that it does not bring are the
    announced ones. Some cameras send H.265 with its VPS, or H.264 with its SPS, in the description alone."""
    brought = parameter_sets(codec, data)
    kinds = {kind_of(codec, unit) for unit in brought}
    missing = [unit for unit in announced if kind_of(codec, unit) not in kinds]
    if not missing:
        return data
    # A set is read after the one that it refers to, whose number is lower.
    return joined(sorted([*missing, *brought], key=lambda unit: kind_of(codec, unit))) + data


def sequence_sets(codec: str, sets: list[bytes]) -> list[bytes]:
    """What identifies the format, of some parameter sets."""
    return [unit for unit in sets if kind_of(codec, unit) == _SPS[codec]]


def is_picture(codec: str, kind: int) -> bool:
    return 0 < kind < 6 if codec == "h264" else kind < 32


def joined(parts: list[bytes]) -> bytes:
    """NAL units, each behind its length."""
    return b"".join(len(unit).to_bytes(_LENGTH_BYTES) + unit for unit in parts)


def annex_b(data: bytes) -> bytes:
    """With start codes in place of the lengths (ITU-T H.264, annex B), as decoders and senders take it."""
    return b"".join(part for unit in units(data) for part in (_START_CODE, unit))
