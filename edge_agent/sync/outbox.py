"""The outbox: events that the hub has not acknowledged, in the same database as the facts.

Invariants (protocol.delivery has the rules):
- an event is in the outbox if and only if its fact is committed and the hub's Ack has not covered it,
  or an event that was never published says the same in its place (sync.compaction);
- the number of an event that may have been published is not above its stream's `published`, which is
  on disk before the event goes out. What is above it nobody has seen: it may be written anew.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import msgspec

from edge_agent.clock import now_us
from edge_agent.store import Store
from edge_agent.sync.compaction import COMPACTORS
from protocol.delivery import SeqRange
from protocol.messages import EVENTS, OutboxEvent, decode_event, encode_event
from protocol.topics import OUTBOX_STREAMS, Stream

#: `published` runs ahead by so many numbers, so that it is written once a minute with 1,000 cameras.
PUBLISHED_STEP = 1000


def append(transaction: sqlite3.Connection, stream: Stream, event: msgspec.Struct) -> int:
    """Add an event in the transaction of its fact; returns its sequence number."""
    return append_all(transaction, stream, [event])


def append_all(transaction: sqlite3.Connection, stream: Stream, events: Sequence[msgspec.Struct]) -> int:
    """Add events in the transaction of their facts; returns the last one's sequence number."""
    (last,) = transaction.execute(
        "UPDATE stream_seq SET last = last + ? WHERE stream=? RETURNING last", (len(events), stream)
    ).fetchone()
    now = now_us()
    transaction.executemany(
        "INSERT INTO outbox(stream, seq, data, created_us) VALUES (?, ?, ?, ?)",
        [
            (stream, seq, encode_event(event), now)
            for seq, event in enumerate(events, start=last - len(events) + 1)
        ],
    )
    return int(last)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Events that the hub has not confirmed; `since_us` is None also where an older version left them."""

    events: int
    since_us: int | None


class Outbox:
    """Reading and clearing of the outbox."""

    def __init__(self, store: Store) -> None:
        self._store = store
        #: Told how long each event waited for the hub's word, seconds.
        self.on_acknowledged: Callable[[Stream, Sequence[float]], None] = lambda _stream, _waited_s: None

    def ends(self, stream: Stream, newest: int, oldest: int) -> tuple[list[int], list[int]]:
        """The `newest` highest sequence numbers (descending) and the `oldest` lowest (ascending)."""
        with self._store.read() as connection:
            return (
                _seqs(
                    connection,
                    "SELECT seq FROM outbox WHERE stream=? ORDER BY seq DESC LIMIT ?",
                    stream,
                    newest,
                ),
                _seqs(
                    connection, "SELECT seq FROM outbox WHERE stream=? ORDER BY seq LIMIT ?", stream, oldest
                ),
            )

    def load(self, stream: Stream, seqs: Sequence[int]) -> list[OutboxEvent]:
        marks = ",".join("?" * len(seqs))
        with self._store.read() as connection:
            rows = connection.execute(
                f"SELECT seq, data FROM outbox WHERE stream=? AND seq IN ({marks}) ORDER BY seq",  # noqa: S608
                (stream, *seqs),
            ).fetchall()
        return [OutboxEvent(seq=seq, data=msgspec.Raw(data)) for seq, data in rows]

    def acknowledge(self, stream: Stream, ranges: Sequence[SeqRange]) -> int:
        """Delete what the hub holds; returns how many events went."""
        with self._store.transaction() as transaction:
            gone = [
                created_us
                for low, high in ranges
                for (created_us,) in transaction.execute(
                    "DELETE FROM outbox WHERE stream=? AND seq BETWEEN ? AND ? RETURNING created_us",
                    (stream, low, high),
                )
            ]
        now = now_us()  # an older version left some without their moment
        self.on_acknowledged(stream, [max(0, now - made_us) / 1e6 for made_us in gone if made_us is not None])
        return len(gone)

    def note_published(self, stream: Stream, highest: int) -> None:
        """Events up to this number are about to be published. Raises sqlite3.Error."""
        with self._store.read() as connection:
            if _published(connection, stream) >= highest:
                return
        with self._store.transaction() as transaction:
            transaction.execute(
                "UPDATE stream_seq SET published=? WHERE stream=?", (highest + PUBLISHED_STEP, stream)
            )

    def compact(self, stream: Stream) -> int:
        """Say with fewer events what was never published; how many went.

        Their numbers are given again: nobody has seen them, and the hub shall find no holes, which it
        would have to remember for ever. Not to be called while events are being published. Raises
        sqlite3.Error, InvalidMessage.
        """
        with self._store.read() as connection:
            mark = _published(connection, stream)
            waiting = _above(connection, stream, mark)
        events = [decode_event(data, *EVENTS[stream]) for _, data, _ in waiting]
        fewer = COMPACTORS[stream](events)
        if len(fewer) == len(events):
            return 0
        highest, since_us = waiting[-1][0], waiting[0][2]
        with self._store.transaction() as transaction:  # what was appended meanwhile stays as it is
            rows = [(encode_event(event), since_us) for event in fewer]
            rows += [(data, made_us) for _, data, made_us in _above(transaction, stream, highest)]
            transaction.execute("DELETE FROM outbox WHERE stream=? AND seq>?", (stream, mark))
            transaction.executemany(
                "INSERT INTO outbox(stream, seq, data, created_us) VALUES (?, ?, ?, ?)",
                [(stream, seq, *row) for seq, row in zip(count(waiting[0][0]), rows, strict=False)],
            )
            transaction.execute(
                "UPDATE stream_seq SET last=? WHERE stream=?", (waiting[0][0] + len(rows) - 1, stream)
            )
        return len(events) - len(fewer)

    def depth(self) -> int:
        """How many events wait, in all streams."""
        with self._store.read() as connection:
            (count,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
        return int(count)

    def waiting(self) -> dict[Stream, Waiting]:
        """Stream by stream, also those of which nothing waits."""
        with self._store.read() as connection:
            counts = dict(
                connection.execute("SELECT stream, count(*) FROM outbox GROUP BY stream").fetchall()
            )
            return {
                stream: Waiting(counts.get(stream, 0), _oldest_us(connection, stream))
                for stream in OUTBOX_STREAMS
            }


def _published(connection: sqlite3.Connection, stream: Stream) -> int:
    (published,) = connection.execute("SELECT published FROM stream_seq WHERE stream=?", (stream,)).fetchone()
    return int(published)


def _above(connection: sqlite3.Connection, stream: Stream, seq: int) -> list[tuple[int, bytes, int | None]]:
    """(number, event, when it was made) of what waits above a number, in order."""
    rows = connection.execute(
        "SELECT seq, data, created_us FROM outbox WHERE stream=? AND seq>? ORDER BY seq", (stream, seq)
    )
    return [tuple(row) for row in rows]


def _oldest_us(connection: sqlite3.Connection, stream: Stream) -> int | None:
    row = connection.execute(
        "SELECT created_us FROM outbox WHERE stream=? ORDER BY seq LIMIT 1", (stream,)
    ).fetchone()
    return row[0] if row else None


def _seqs(connection: sqlite3.Connection, query: str, stream: Stream, limit: int) -> list[int]:
    return [seq for (seq,) in connection.execute(query, (stream, limit))]
