"""Footage that is held past its plan, as evidence: spans that retention leaves alone.

A protected span keeps every segment that it overlaps, whole. Only the disk
floor takes protected footage, and only when nothing else is left (recording.retention).
"""

import sqlite3
from dataclasses import dataclass

from edge_agent.clock import now_us


@dataclass(frozen=True, slots=True)
class ProtectedSpan:
    """`reason` is for people: which clip or order holds the footage."""

    id: int
    camera: str
    start_us: int
    end_us: int
    reason: str


def protect(transaction: sqlite3.Connection, camera: str, start_us: int, end_us: int, reason: str) -> int:
    """Hold a camera's footage of a period (microseconds UTC) until `release`; returns the hold's id."""
    if start_us >= end_us:
        raise ValueError("a protected span ends after it starts")
    row = transaction.execute(
        "INSERT INTO protected_span(camera, start_us, end_us, reason, created_us) "
        "VALUES (?,?,?,?,?) RETURNING id",
        (camera, start_us, end_us, reason, now_us()),
    ).fetchone()
    return int(row[0])


def release(transaction: sqlite3.Connection, hold: int) -> None:
    """End a hold; its footage goes with the next sweep when it is past its plan. Unknown ids are no error."""
    transaction.execute("DELETE FROM protected_span WHERE id=?", (hold,))


def overlapping(
    connection: sqlite3.Connection, camera: str, start_us: int, end_us: int
) -> list[ProtectedSpan]:
    """The holds on a camera's footage of a period."""
    rows = connection.execute(
        "SELECT id, camera, start_us, end_us, reason FROM protected_span "
        "WHERE camera=? AND start_us<? AND end_us>? ORDER BY start_us",
        (camera, end_us, start_us),
    )
    return [ProtectedSpan(*row) for row in rows]
