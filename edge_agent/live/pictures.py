"""A recording's bytes without its sound, at the same length: variants of a playlist hold pictures alone.

A player changes between variants only where both have the same kinds of track, and a second stream has
other sound than the first, or none. A track of sound becomes free space (ISO/IEC 14496-12, 8.1.2).
"""

import struct

from edge_agent.playback.init_section import Part, is_sound, parts
from edge_agent.recording.fmp4 import AUDIO_TRACK


def pictures_only(data: bytes) -> bytes:
    """An initialisation section, or whole fragments. Raises init_section.Malformed."""
    return b"".join(_without_sound(part) for part in parts(data))


def _without_sound(part: Part) -> bytes:
    if part.kind in (b"moov", b"mvex", b"moof"):
        return part.data[:8] + pictures_only(part.data[8:])
    if is_sound(part) or _track(part) == AUDIO_TRACK:
        return part.data[:4] + b"free" + part.data[8:]
    return part.data


def _track(part: Part) -> int:
    """Whose defaults (8.8.3), or whose part of a fragment (8.8.6, 8.8.7), a box is; 0 for other boxes."""
    at = {b"trex": 12, b"traf": 8 + 12}.get(part.kind)
    return int(struct.unpack_from(">I", part.data, at)[0]) if at else 0
