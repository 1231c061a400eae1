"""Hits of the watchlist, kept until a guard has seen them: also those of a night when no console was open.

Invariant: a read has a hit if and only if an entry that is an alarm was news about its vehicle. The
hit is written in the read's transaction and goes with the read. A person's acknowledgement and its
audit event are one transaction.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from edge_agent.clock import now_us, to_datetime
from edge_agent.lpr.search import StoredRead, stored_read
from edge_agent.lpr.watch import alarms
from edge_agent.store import Store
from edge_agent.sync import outbox
from protocol.messages import AuditEvent, PlateRead, WatchKind, WatchlistEntry
from protocol.topics import Stream

_OPEN = "FROM watchlist_hit JOIN plate_read ON id = read_id WHERE acknowledged_us IS NULL"


class HitEntry(msgspec.Struct, frozen=True):
    """What was on the list, as it was when the plate was read; the reason is for people (pt-BR)."""

    id: str
    kind: WatchKind
    reason: str


@dataclass(frozen=True, slots=True)
class OpenHit:
    """A read that nobody has acknowledged; `reads` of this vehicle belong to it."""

    stored: StoredRead
    entries: tuple[HitEntry, ...]
    reads: int


def note(
    transaction: sqlite3.Connection, found: Sequence[tuple[PlateRead, Sequence[WatchlistEntry]]]
) -> None:
    """Keep the hits among reads that were just written; the entries with each are news about it."""
    transaction.executemany(
        "INSERT INTO watchlist_hit(read_id, group_id, reads, entries) VALUES (?, ?, ?, ?)",
        [
            (read.id, read.group, read.group_size, msgspec.json.encode(_kept(entries)))
            for read, entries in found
            if alarms(entries)
        ],
    )
    transaction.executemany(
        "UPDATE watchlist_hit SET reads = max(reads, ?) WHERE group_id = ?",
        [(read.group_size, read.group) for read, _ in found if read.group_size > 1],
    )


class WatchHits:
    """What the guards are still to see."""

    def __init__(self, store: Store, clock_us: Callable[[], int] = now_us) -> None:
        self._store = store
        self._clock_us = clock_us

    def open(self, limit: int) -> tuple[list[OpenHit], int]:
        """The newest hits that nobody acknowledged, newest first, and how many there are in all."""
        with self._store.read() as connection:
            (count,) = connection.execute(f"SELECT COUNT(*) {_OPEN}").fetchone()
            rows = connection.execute(
                "SELECT rowid_order, data, image_path, entries, reads "
                f"{_OPEN} ORDER BY rowid_order DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [_open_hit(row) for row in rows], count

    def acknowledge(self, read_ids: Sequence[str], username: str) -> list[str]:
        """A person has seen them; returns those that nobody had acknowledged before, now in the audit."""
        at_us = self._clock_us()
        with self._store.transaction() as transaction:
            seen = [read_id for read_id in read_ids if _acknowledged(transaction, read_id, at_us)]
            events = [
                AuditEvent(at=to_datetime(at_us), actor=username, action="console.watchlist.seen", target=id_)
                for id_ in seen
            ]
            if events:
                outbox.append_all(transaction, Stream.AUDIT, events)
        return seen


def _acknowledged(transaction: sqlite3.Connection, read_id: str, at_us: int) -> bool:
    changed = transaction.execute(
        "UPDATE watchlist_hit SET acknowledged_us = ? WHERE read_id = ? AND acknowledged_us IS NULL",
        (at_us, read_id),
    )
    return changed.rowcount > 0


def _kept(entries: Sequence[WatchlistEntry]) -> list[HitEntry]:
    return [HitEntry(entry.id, entry.kind, entry.reason) for entry in entries]


def _open_hit(row: sqlite3.Row) -> OpenHit:
    entries = msgspec.json.decode(row["entries"], type=tuple[HitEntry, ...])
    return OpenHit(stored_read(row), entries, row["reads"])
