"""The decisions of ingest, without a database: which events of a batch are new, and which can be stored.

Every event of a batch counts as received: it is stored, or refused for good with a
reason. Sending it again could not change the outcome.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from protocol.delivery import SeqRange
from protocol.messages import EVENTS, InvalidMessage, OutboxEvent, PlateRead, decode_event
from protocol.topics import Stream

#: The largest number of a PostgreSQL bigint, less one: ranges are stored half-open.
MAX_SEQ = 2**63 - 2

#: Times outside are a broken clock or an attack; PostgreSQL could store some that Python cannot read back.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

#: A camera without a battery says 1970: its clock is told as it is, as far as Python can read it back.
CLOCK_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCK_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class Unstorable(ValueError):
    """A message that is well-formed and still cannot be stored; the text says why."""


@dataclass(frozen=True)
class Event:
    """A decoded event of an outbox stream."""

    seq: int
    data: Any
    #: The camera it speaks of, if its kind does.
    camera_id: UUID | None = None


@dataclass(frozen=True)
class Refusal:
    """An event that goes to the dead letters."""

    seq: int
    reason: str


def check_seqs(events: Iterable[OutboxEvent]) -> None:
    if any(event.seq > MAX_SEQ for event in events):
        raise Unstorable(f"a sequence number is larger than {MAX_SEQ}")


def unseen(events: Iterable[OutboxEvent], received: Sequence[SeqRange]) -> list[OutboxEvent]:
    """The events not received before, each number once. `received` is sorted, as `merge` makes it."""
    starts = [low for low, _ in received]

    def known(seq: int) -> bool:
        at = bisect_right(starts, seq) - 1
        return at >= 0 and seq <= received[at][1]

    first_of = {}
    for event in events:
        if event.seq not in first_of and not known(event.seq):
            first_of[event.seq] = event
    return list(first_of.values())


def decode_events(stream: Stream, events: Iterable[OutboxEvent]) -> tuple[list[Event], list[Refusal]]:
    """Decode each event on its own, so that one bad event spoils no other."""
    decoded: list[Event] = []
    refused: list[Refusal] = []
    for event in events:
        try:
            data = decode_event(event.data, *EVENTS[stream])
            if isinstance(data, PlateRead):
                data = _whatever_its_clock(data)
            else:
                check_storable(data)
            decoded.append(Event(event.seq, data, _camera_id(data)))
        except (InvalidMessage, Unstorable) as error:
            refused.append(Refusal(event.seq, str(error)))
    return decoded, refused


def _whatever_its_clock(read: PlateRead) -> PlateRead:
    """A read as it can be stored: its time is the box's, and a wrong clock costs the camera no read.

    Raises Unstorable.
    """
    at = read.camera_at
    check_storable(read if at is None else msgspec.structs.replace(read, camera_at=None))
    if at is None or CLOCK_EARLIEST <= at < CLOCK_LATEST:
        return read
    return msgspec.structs.replace(read, camera_at=None)


def _camera_id(data: Any) -> UUID | None:
    name = getattr(data, "camera", None)
    if name is None:
        return None
    try:
        return UUID(name)
    except ValueError:
        raise Unstorable(f"{name!r} is not the id of a camera") from None


def check_storable(value: Any) -> None:
    """Refuse what no column can hold, anywhere inside a message. Raises Unstorable."""
    check = _CHECKS.get(type(value))
    if check is not None:
        check(value)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            check_storable(getattr(value, field))
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_storable(item)


def _check_text(value: str) -> None:
    if "\0" in value:
        raise Unstorable("a text contains a NUL character")


def _check_time(value: datetime) -> None:
    if not EARLIEST <= value < LATEST:
        raise Unstorable(f"the time {value.isoformat()} is not between 2000 and 2100")


def _check_number(value: int) -> None:
    if abs(value) >= 2**63:
        raise Unstorable(f"the number {value} is too large")


def _any_value(value: object) -> None:
    pass


#: By exact type: JSON makes no others, and every event of every box passes here.
_CHECKS: Mapping[type, Callable[[Any], None]] = {
    str: _check_text,
    datetime: _check_time,
    int: _check_number,
    float: _any_value,
    bool: _any_value,
    type(None): _any_value,
}
