"""Parameter sets in a camera's packets (H.264 Annex B; H.265 Annex B), found without a decoder.

A camera that is given another resolution goes on in the same connection with another
sequence parameter set before a keyframe.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_START_CODE = re.compile(b"\x00\x00\x01")
#: Sequence parameter sets, and all parameter sets (ITU-T H.264 table 7-1, H.265 table 7-1).
_SPS = {"h264": 7, "hevc": 33}
_SETS = {"h264": frozenset({7, 8, 13}), "hevc": frozenset({32, 33, 34})}
_PICTURE = {"h264": frozenset(range(1, 6)), "hevc": frozenset(range(32))}


class ParameterSets(NamedTuple):
    """`sps`: what identifies the format; `annex_b`: all parameter sets, as a decoder wants them."""

    sps: bytes
    annex_b: bytes


def is_annex_b(data: bytes) -> bool:
    return data.startswith((b"\0\0\1", b"\0\0\0\1"))


def parameter_sets(codec: str, data: bytes) -> ParameterSets | None:
    """Those before the first picture of an access unit in Annex B form; None when it has none."""
    sps, found = b"", []
    for kind, unit in _units(codec, data):
        if kind in _PICTURE[codec]:
            break
        if kind in _SETS[codec]:
            found.append(b"\0\0\0\1" + unit)
        if kind == _SPS[codec] and not sps:
            sps = unit
    return ParameterSets(sps, b"".join(found)) if sps else None


def _units(codec: str, data: bytes) -> Iterator[tuple[int, bytes]]:
    """NAL units with their types, lazily: the picture behind the parameter sets is not copied."""
    starts = (match.end() for match in _START_CODE.finditer(data))
    begin = next(starts, None)
    while begin is not None:
        kind = _kind(codec, data, begin)
        if kind in _PICTURE[codec]:
            yield kind, b""
            return
        end = next(starts, None)
        yield kind, data[begin : end - 3 if end else len(data)].rstrip(b"\0")
        begin = end


def _kind(codec: str, data: bytes, at: int) -> int:
    header = data[at] if at < len(data) else 0
    return header & 0x1F if codec == "h264" else header >> 1 & 0x3F
