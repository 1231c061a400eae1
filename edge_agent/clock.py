"""Wall-clock time as the box keeps it: whole microseconds since 1970 in UTC.

Integers in the index and in arithmetic, `datetime` at the borders (JSON,
playlists): the two meet only through these functions.
"""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now_us() -> int:
    """The box's wall clock, microseconds UTC."""
    return time.time_ns() // 1000


def to_us(moment: datetime) -> int:
    """Microseconds UTC of an aware datetime. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is ambiguous")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant_us)
