"""An event is in the outbox if and only if its fact is committed and the hub has not confirmed it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge_agent.store import Store
from edge_agent.sync.outbox import Outbox, append
from protocol.messages import AuditEvent, decode_event
from protocol.topics import Stream

EVENT = AuditEvent(at=datetime(2025, 11, 24, tzinfo=UTC), actor="ana", action="console.login")


def fill(store: Store, count: int, stream: Stream = Stream.LPR) -> list[int]:
    with store.transaction() as transaction:
        return [append(transaction, stream, EVENT) for _ in range(count)]


def waiting(outbox: Outbox, stream: Stream = Stream.LPR) -> list[int]:
    return outbox.ends(stream, 0, 10_000)[1]


def test_events_are_numbered_from_one_per_stream(store: Store) -> None:
    assert fill(store, 3) == [1, 2, 3]
    assert fill(store, 2, Stream.AUDIT) == [1, 2]
    assert fill(store, 1) == [4]


def test_a_fact_that_is_rolled_back_takes_its_event_with_it(store: Store, outbox: Outbox) -> None:
    with pytest.raises(RuntimeError), store.transaction() as transaction:
        append(transaction, Stream.LPR, EVENT)
        raise RuntimeError
    assert outbox.depth() == 0
    assert fill(store, 1) == [1], "a number that nobody saw leaves no hole"


def test_a_number_is_never_used_again_after_its_event_was_delivered(store: Store, outbox: Outbox) -> None:
    fill(store, 3)
    assert outbox.acknowledge(Stream.LPR, [(1, 3)]) == 3
    assert fill(store, 1) == [4]


def test_an_ack_deletes_exactly_what_it_covers(store: Store, outbox: Outbox) -> None:
    fill(store, 10)
    fill(store, 2, Stream.AUDIT)
    assert outbox.acknowledge(Stream.LPR, [(1, 3), (7, 7), (10, 999)]) == 5
    assert waiting(outbox) == [4, 5, 6, 8, 9]
    assert waiting(outbox, Stream.AUDIT) == [1, 2]
    assert outbox.acknowledge(Stream.LPR, [(1, 3)]) == 0, "a repeated ack is no news"
    assert outbox.depth() == 7


def test_the_ends_are_the_newest_downwards_and_the_oldest_upwards(store: Store, outbox: Outbox) -> None:
    fill(store, 10)
    assert outbox.ends(Stream.LPR, 3, 4) == ([10, 9, 8], [1, 2, 3, 4])
    assert outbox.ends(Stream.AUDIT, 3, 4) == ([], [])


def test_a_loaded_event_is_what_was_appended(store: Store, outbox: Outbox) -> None:
    fill(store, 4)
    loaded = outbox.load(Stream.LPR, [4, 2, 99])
    assert [event.seq for event in loaded] == [2, 4]
    assert decode_event(loaded[0].data, AuditEvent) == EVENT


def test_a_box_whose_disk_was_replaced_repeats_no_number(tmp_path: Path) -> None:
    numbers = []
    for disk in ("old", "new"):
        store = Store(tmp_path / disk / "edge.db")
        with store.transaction() as transaction:
            numbers.append(append(transaction, Stream.AUDIT, EVENT))
        store.close()
    assert numbers[1] > numbers[0]


def test_the_first_start_may_be_cut_anywhere(tmp_path: Path) -> None:
    Store(tmp_path / "edge.db").close()
    with sqlite3.connect(tmp_path / "edge.db") as cut_short:
        cut_short.execute("PRAGMA user_version=0")
        cut_short.execute("DROP TABLE outbox")
    store = Store(tmp_path / "edge.db")
    with store.transaction() as transaction:
        assert append(transaction, Stream.AUDIT, EVENT) > 0
    store.close()
