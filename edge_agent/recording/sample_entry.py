"""Under which name H.265 stands in a file's sample entry (ISO/IEC 14496-15, 8.4.1).

`hvc1`, because Apple's players (Safari, iOS, QuickTime) take no other in MP4 and HLS ("HLS Authoring
Specification for Apple Devices", 1.10); browsers that know `hev1` know it too. With it the parameter sets
stand in the entry (hvcC), complete. Those that a camera repeats before its keyframes stay there too,
which the standard leaves out and every player of `hvc1` takes: nothing is removed from what a camera sent.

Recordings made until November 2026 say `hev1`; their hvcC has the sets as well, so they are played as `hvc1`.
"""

_PARAMETER_SETS = frozenset({32, 33, 34})  # VPS, SPS, PPS (ITU-T H.265, table 7-1)
_ARRAYS_AT = 22  # in hvcC's record (8.3.3.1.2)
_COMPLETE = 0x80


def as_hvc1(init: bytes) -> bytes:
    """An initialisation section with `hvc1` in place of `hev1`, of the same length, if its sets allow it.

    Only sections of the recorder's own: the video's track comes first.
    """
    name_at = init.find(b"stsd") + 16
    record_at = init.find(b"hvcC", name_at) + 4
    if init[name_at : name_at + 4] != b"hev1" or record_at < 4:
        return init
    made = bytearray(init)
    made[name_at : name_at + 4] = b"hvc1"
    try:
        found = _declare_complete(made, record_at)
    except IndexError:
        return init
    return bytes(made) if found >= _PARAMETER_SETS else init


def _declare_complete(init: bytearray, record_at: int) -> set[int]:
    """Say of each array of parameter sets that no more come; their kinds. Raises IndexError."""
    found, at = set(), record_at + _ARRAYS_AT + 1
    for _ in range(init[record_at + _ARRAYS_AT]):
        kind, units = init[at] & 0x3F, init[at + 1] << 8 | init[at + 2]
        if kind in _PARAMETER_SETS and units:
            init[at] |= _COMPLETE
            found.add(kind)
        at += 3
        for _ in range(units):
            at += 2 + (init[at] << 8 | init[at + 1])
    return found
