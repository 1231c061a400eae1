"""The outbox: events that the hub has not acknowledged, in the same database as the facts.

Invariant: an event is in the outbox if and only if its fact is committed and
the hub's Ack has not covered it (protocol.delivery has the rules).
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from edge_agent.clock import now_us
from edge_agent.store import Store
from protocol.delivery import SeqRange
from protocol.messages import OutboxEvent, encode_event
from protocol.topics import OUTBOX_STREAMS, Stream


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
            return sum(
                transaction.execute(
                    "DELETE FROM outbox WHERE stream=? AND seq BETWEEN ? AND ?", (stream, low, high)
                ).rowcount
                for low, high in ranges
            )

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


def _oldest_us(connection: sqlite3.Connection, stream: Stream) -> int | None:
    row = connection.execute(
        "SELECT created_us FROM outbox WHERE stream=? ORDER BY seq LIMIT 1", (stream,)
    ).fetchone()
    return row[0] if row else None


def _seqs(connection: sqlite3.Connection, query: str, stream: Stream, limit: int) -> list[int]:
    return [seq for (seq,) in connection.execute(query, (stream, limit))]
