"""Reading a vendor's fields: an optional field that holds nonsense loses the field, never the read.

Numbers outside what a road can have are nonsense too; the hub refuses a read that carries one.
"""

import base64
import binascii
import math
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from edge_agent.clock import to_datetime, to_us
from protocol.messages import PlateCandidate
from protocol.plates import MAX_PLATE, normalise

#: As the hub's columns are: 32 characters of text, lanes to 99.
MAX_TEXT = 32
MAX_LANE = 99
MAX_SPEED_KMH = 500.0
MAX_CANDIDATES = 10
_PERCENT = 100
_MS_PER_S, _US_PER_MS = 1000, 1000
#: Text of a device that is kept to show what its clock said.
_CLOCK_TEXT = 40


class Moment(NamedTuple):
    """What a device's clock said: microseconds UTC, or the text that nobody understands."""

    captured_us: int | None = None
    clock_text: str | None = None


def at(document: Any, path: str) -> Any:
    """What lies at a dotted path (`a.b.0.c`); None where there is nothing."""
    for step in path.split("."):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def first(document: Any, *paths: str) -> Any:
    """The first of these paths that holds something."""
    return next((found for found in every(document, *paths) if found not in (None, "")), None)


def every(document: Any, *paths: str) -> list[Any]:
    """What lies at each of these paths; None where there is nothing."""
    return [at(document, path) for path in paths]


def text(value: Any, limit: int = MAX_TEXT) -> str | None:
    """Text of a bounded length, or None. Control characters go: PostgreSQL keeps no NUL."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    given = str(value)[: 2 * limit]
    if not given.isprintable():
        given = "".join(sign for sign in given if sign.isprintable())
    return given.strip()[:limit] or None


def number(value: Any, low: float, high: float) -> float | None:
    """A number between bounds, also from text (with a decimal comma, with a percent sign), or None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        value = value.strip().removesuffix("%").replace(",", ".")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and low <= found <= high else None


def lane(value: Any) -> int | None:
    found = number(value, 0, MAX_LANE)
    return int(found) if found is not None and found == int(found) else None


def speed_kmh(value: Any) -> float | None:
    return number(value, 0, MAX_SPEED_KMH)


def percent(value: Any) -> float | None:
    """A confidence from 0 to 100 as a share of one."""
    found = number(value, 0, _PERCENT)
    return found / _PERCENT if found is not None else None


def share(value: Any) -> float | None:
    """A confidence from 0 to 1, of a device that may also mean percent."""
    found = number(value, 0, 1)
    return found if found is not None else percent(value)


def candidates(found: list[tuple[Any, float | None]], plate: str) -> tuple[PlateCandidate, ...]:
    """Other texts than the plate's."""
    texts = [(normalise(given)[:MAX_PLATE], sure) for given, sure in found if isinstance(given, str)]
    return tuple(PlateCandidate(other, sure) for other, sure in texts if other and other != plate)[
        :MAX_CANDIDATES
    ]


def picture(value: Any) -> bytes | None:
    """The bytes of a base64 text (with or without a data: prefix); None when it is none."""
    if not isinstance(value, str) or not value:
        return None
    encoded = value.partition(",")[2] if value.startswith("data:") else value
    try:
        return base64.b64decode("".join(encoded.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def moment(value: Any, zone: tzinfo, how: str = "iso") -> Moment:
    """A device's time: `how` is "iso", "epoch_s", "epoch_ms", or a strptime format.

    A time without offset is meant in `zone`.
    """
    if value in (None, ""):
        return Moment()
    try:
        instant_us = _instant_us(value, zone, how)
        to_datetime(instant_us)  # an offset can lead out of the calendar
    except (ValueError, OverflowError, TypeError):
        return Moment(clock_text=text(str(value), _CLOCK_TEXT) or "?")
    return Moment(instant_us)


def _instant_us(value: Any, zone: tzinfo, how: str) -> int:
    if how in ("epoch_s", "epoch_ms"):
        per_unit = _US_PER_MS * (_MS_PER_S if how == "epoch_s" else 1)
        return int(value) * per_unit if str(value).lstrip("-").isdigit() else int(float(value) * per_unit)
    parsed = datetime.fromisoformat(str(value)) if how == "iso" else datetime.strptime(str(value), how)
    return to_us(parsed if parsed.tzinfo else parsed.replace(tzinfo=zone))
