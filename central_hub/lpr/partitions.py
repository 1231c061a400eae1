"""The months of plate reads: which partitions there are, making them ahead, dropping them.

    past | 2026-09 | 2026-10 | 2026-11 | 2026-12 | future

Invariant: the partitions cover all time without a gap and without overlap, so no read can
miss one. `past` takes what is older than the oldest month (a backlog of long ago, reads under
legal hold whose month was dropped), `future` what a wrong clock says. There is no DEFAULT
partition: with one, PostgreSQL cannot read the months newest first and stop at a full page.

Each change is one transaction. It moves a border of `past` or `future`, which needs a short
exclusive lock on the table; it waits for that at most LOCK_WITHIN_S, and is tried again at
the job's next turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from central_hub.lpr.domain import Month

TABLE = "lpr_plateread"
PAST, FUTURE = f"{TABLE}_past", f"{TABLE}_future"

#: Ingest and searches queue behind an exclusive lock that waits for a long search.
LOCK_WITHIN_S = 3

#: Key of the advisory lock: two schedulers must not move one border at once.
BORDERS = 0x6774_7602


def months() -> list[Month]:
    """The months that have a partition of their own, oldest first."""
    with connection.cursor() as cursor:
        return _months(cursor)


def make_first(cursor: CursorWrapper, first: Month) -> None:
    """Divide a table that has no partitions yet: past, one month, future."""
    _attach(cursor, _new(cursor, PAST), None, first)
    _attach(cursor, _new(cursor, _name(first)), first, first.next())
    _attach(cursor, _new(cursor, FUTURE), first.next(), None)


def make_through(last: Month) -> list[Month]:
    """Make the months after the newest, up to this one. What `future` holds of them is moved."""
    made = []
    with _moving_borders() as cursor:
        newest = _months(cursor)[-1]
        while newest < last:
            newest = newest.next()
            _take_from_future(cursor, newest)
            made.append(newest)
    return made


def oldest_before(limit: date) -> Month | None:
    """The oldest month, if all of it lies before this date. The newest month always stays."""
    there = months()
    return there[0] if len(there) > 1 and there[0].next().first <= limit else None


def drop(month: Month, keep: str) -> int:
    """Drop the oldest month; how many rows were kept, which go to `past`.

    `keep` is an SQL condition on the month's table, called `read`.
    """
    with _moving_borders() as cursor:
        if _months(cursor)[0] != month:
            raise ValueError(f"{month} is not the oldest month")
        cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {PAST}")
        cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {_name(month)}")
        cursor.execute(f"INSERT INTO {PAST} SELECT read.* FROM {_name(month)} AS read WHERE {keep}")  # noqa: S608
        kept = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {_name(month)}")
        _attach(cursor, PAST, None, month.next())
    return kept


def _take_from_future(cursor: CursorWrapper, month: Month) -> None:
    cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {FUTURE}")
    table = _new(cursor, _name(month))
    cursor.execute(
        f"WITH moved AS (DELETE FROM {FUTURE} WHERE captured_at < %s RETURNING *)"  # noqa: S608
        f" INSERT INTO {table} SELECT * FROM moved",
        [month.next().first],
    )
    _attach(cursor, table, month, month.next())
    _attach(cursor, FUTURE, month.next(), None)


def _months(cursor: CursorWrapper) -> list[Month]:
    cursor.execute(
        "SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
        " WHERE inhparent = %s::regclass AND child.relname ~ '_y[0-9]{4}m[0-9]{2}$'",
        [TABLE],
    )
    names = [name for (name,) in cursor.fetchall()]
    return sorted(Month(int(name[-7:-3]), int(name[-2:])) for name in names)


def _new(cursor: CursorWrapper, name: str) -> str:
    cursor.execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    return name


def _attach(cursor: CursorWrapper, name: str, since: Month | None, until: Month | None) -> None:
    """`since` and `until` None: no end on that side. Indexes and keys are made as the parent's."""
    low = f"'{since.first.isoformat()} 00:00:00+00'" if since else "MINVALUE"
    high = f"'{until.first.isoformat()} 00:00:00+00'" if until else "MAXVALUE"
    cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})")


def _name(month: Month) -> str:
    return f"{TABLE}_y{month.year:04d}m{month.month:02d}"


@contextmanager
def _moving_borders() -> Iterator[CursorWrapper]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BORDERS])
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WITHIN_S}s'")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        yield cursor
