"""Wall-clock time as the box keeps it: whole microseconds since 1970 in UTC.

Integers in the index and in arithmetic, `datetime` at the borders (JSON,
playlists): the two meet only through these functions.
"""

import ctypes
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Before this the clock of the box was never set; no footage or plate of it could be found again.
EARLIEST_US = 1_735_689_600_000_000  # 2025-01-01


def now_us() -> int:
    """The box's wall clock, microseconds UTC."""
    return time.time_ns() // 1000


def mono_us() -> int:
    """A clock that only goes on, microseconds since it does not matter when."""
    return time.monotonic_ns() // 1000


def to_us(moment: datetime) -> int:
    """Microseconds UTC of an aware datetime. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is ambiguous")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_datetime(instant_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant_us)


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the kernel knows of the wall clock; None: this system does not say."""

    synchronised: bool | None
    offset_ms: float | None = None  # what is still being slewed away
    error_ms: int | None = None  # the largest error that the time service admits


def clock_state() -> ClockState:
    """Asks the kernel, which any NTP client (chrony, ntpd, systemd-timesyncd) tells. Never raises.

    adjtimex(2) with modes=0 only reads, and needs no privilege.
    """
    try:
        adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return ClockState(None)
    answer = _Timex()
    state = adjtimex(ctypes.byref(answer))
    if state < 0:
        return ClockState(None)
    per_ms = 1e6 if answer.status & _STA_NANO else 1e3
    synchronised = state != _TIME_ERROR and not answer.status & _STA_UNSYNC
    return ClockState(synchronised, answer.offset / per_ms, answer.maxerror // 1000 if synchronised else None)


_TIME_ERROR = 5
_STA_UNSYNC = 0x0040
_STA_NANO = 0x2000


class _Timex(ctypes.Structure):
    """struct timex as adjtimex(2) gives it, up to the fields read here; the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),  # microseconds
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_long * 32),
    )
