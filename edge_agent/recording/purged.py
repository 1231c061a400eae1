"""Drops the rows of footage that is gone, and tells the hub in the same transaction.

Invariant: what the hub was told is recorded, and not told is purged, has a row in
`segment`, but for its files' edges: spans that nothing is held between are one.

A sweep deletes thousands of files and makes few events: one for each stretch of a
camera in which nothing is left, however many files and gaps it had.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from edge_agent.clock import to_datetime
from edge_agent.recording import coverage
from edge_agent.recording.domain import Span, StoredSegment
from edge_agent.sync import outbox
from protocol.messages import Purged
from protocol.topics import Stream

Reason = Literal["retention", "disk-floor", "missing"]

#: The hub joins spans this near. An event reaches as far into the empty time around what went,
#: or the joints would stay there as recordings of a second.
EDGE_US = 2_000_000


def drop(transaction: sqlite3.Connection, gone: Sequence[StoredSegment], reason: Reason) -> None:
    """Delete these rows, their part of `coverage`, and append one event for each hole that they leave."""
    transaction.executemany(
        "DELETE FROM segment WHERE camera=? AND start_us=?", [(row.camera, row.start_us) for row in gone]
    )
    left: dict[tuple[str, Span], list[StoredSegment]] = defaultdict(list)
    for row in gone:  # all rows are deleted: neighbours that went together see one hole
        hole = coverage.remove(transaction, row.camera, Span(row.start_us, row.end_us))
        if hole is not None:
            left[row.camera, hole].append(row)
    for (camera, hole), rows in left.items():
        span = without_held(hole, rows)
        event = Purged(
            camera=camera, start=to_datetime(span.start_us), end=to_datetime(span.end_us), reason=reason
        )
        outbox.append(transaction, Stream.COVERAGE, event)


def without_held(hole: Span, gone: Sequence[StoredSegment]) -> Span:
    """From the first to the last of what went, with its edges, but nothing that is still held."""
    return Span(
        max(hole.start_us, min(row.start_us for row in gone) - EDGE_US),
        min(hole.end_us, max(row.end_us for row in gone) + EDGE_US),
    )
