"""Which spans of a camera are recorded, merged: a month's timeline is a few rows, not 43,200 files.

Invariant: for every camera, `coverage` is the union of its rows in `segment`,
neighbours closer than GAP_US merged. Both change in one transaction; `gtv edge
fsck` compares them, and start-up builds what is missing from `segment`.
"""

import sqlite3
from collections.abc import Iterable

from edge_agent.recording.domain import GAP_US, Span, without
from edge_agent.store import MAX_INTEGER

_FROM_SEGMENTS = """
SELECT camera, min(start_us) AS start_us, max(end_us) AS end_us FROM (
    SELECT camera, start_us, end_us,
           sum(broken) OVER (PARTITION BY camera ORDER BY start_us) AS island
    FROM (
        SELECT camera, start_us, end_us,
               ifnull(start_us - max(end_us) OVER (
                   PARTITION BY camera ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) > :gap_us, 0) AS broken
        FROM segment
    )
) GROUP BY camera, island
"""


def add(transaction: sqlite3.Connection, camera: str, recorded: Span) -> None:
    """A segment was indexed: one more span, merged with the neighbours that it reaches."""
    near = _rows(transaction, camera, recorded.start_us - GAP_US, recorded.end_us + GAP_US)
    whole = Span(
        min([recorded.start_us, *(span.start_us for span in near)]),
        max([recorded.end_us, *(span.end_us for span in near)]),
    )
    _replace(transaction, camera, near, [whole])


def remove(transaction: sqlite3.Connection, camera: str, purged: Span) -> Span | None:
    """A segment's row was deleted: nothing is recorded between its neighbours any more.

    Returns that hole; None where the neighbours are so near that it is none.
    """
    (before_us,) = transaction.execute(
        "SELECT ifnull(max(end_us), 0) FROM "
        "(SELECT end_us FROM segment WHERE camera=? AND start_us<? ORDER BY start_us DESC LIMIT 1)",
        (camera, purged.start_us),
    ).fetchone()
    (after_us,) = transaction.execute(
        "SELECT ifnull(min(start_us), ?) FROM segment WHERE camera=? AND start_us>=?",
        (MAX_INTEGER, camera, purged.start_us),
    ).fetchone()
    if after_us - before_us <= GAP_US:
        return None
    near = _rows(transaction, camera, purged.start_us, purged.end_us)
    hole = Span(before_us, after_us)
    _replace(transaction, camera, near, [part for span in near for part in without(span, hole)])
    return hole


def between(connection: sqlite3.Connection, camera: str, start_us: int, end_us: int) -> list[Span]:
    """The recorded spans that overlap a period, in time order, not clipped."""
    return _rows(connection, camera, start_us, end_us)


def extent(connection: sqlite3.Connection) -> dict[str, Span]:
    """From the first to the last instant recorded of each camera; cameras without footage are left out."""
    rows = connection.execute("SELECT camera, min(start_us), max(end_us) FROM coverage GROUP BY camera")
    return {camera: Span(start, end) for camera, start, end in rows}


def any_of(connection: sqlite3.Connection, camera: str) -> bool:
    """Whether anything is recorded of a camera."""
    return (
        connection.execute("SELECT 1 FROM coverage WHERE camera=? LIMIT 1", (camera,)).fetchone() is not None
    )


def rebuild(transaction: sqlite3.Connection) -> None:
    """All of it anew from `segment`."""
    transaction.execute("DELETE FROM coverage")
    transaction.execute(
        f"INSERT INTO coverage(camera, start_us, end_us) {_FROM_SEGMENTS}",
        {"gap_us": GAP_US},
    )


def differs(connection: sqlite3.Connection) -> bool:
    """Whether the invariant does not hold. Reads the whole segment table."""
    stored = "SELECT camera, start_us, end_us FROM coverage"
    query = f"SELECT * FROM ({_FROM_SEGMENTS}) EXCEPT {stored}"  # noqa: S608 - constants
    other = f"SELECT * FROM ({stored}) EXCEPT SELECT * FROM ({_FROM_SEGMENTS})"  # noqa: S608 - constants
    return any(connection.execute(q, {"gap_us": GAP_US}).fetchone() for q in (query, other))


def _rows(connection: sqlite3.Connection, camera: str, start_us: int, end_us: int) -> list[Span]:
    # Spans of one camera never overlap, so only one may begin before the period and reach into it.
    rows = connection.execute(
        "SELECT start_us, end_us FROM coverage WHERE camera=:camera AND end_us>=:start AND start_us<=:end "
        "AND start_us>=ifnull("
        "(SELECT max(start_us) FROM coverage WHERE camera=:camera AND start_us<=:start), 0) "
        "ORDER BY start_us",
        {"camera": camera, "start": start_us, "end": end_us},
    )
    return [Span(start, end) for start, end in rows]


def _replace(transaction: sqlite3.Connection, camera: str, old: Iterable[Span], new: Iterable[Span]) -> None:
    transaction.executemany(
        "DELETE FROM coverage WHERE camera=? AND start_us=?", [(camera, span.start_us) for span in old]
    )
    transaction.executemany(
        "INSERT INTO coverage(camera, start_us, end_us) VALUES (?,?,?)",
        [(camera, span.start_us, span.end_us) for span in new],
    )
