"""Room for a box to start on a disk that has not a byte left.

Retention keeps a floor free, but somebody else's files may take it. Without room SQLite opens no database
in WAL mode, because its shared memory is a file (https://www.sqlite.org/wal.html, 7), and a box that
cannot start cannot free anything either. So the oldest footage goes first, as the floor would have it go:
what a hold keeps only when nothing else is left.

Order of the steps: files, then (when the database is open) their rows, their coverage and the event for
the hub. A crash between them leaves rows without files, which are the next that the floor takes.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import structlog

from edge_agent.recording.alarms import Alarms
from edge_agent.recording.domain import StoredSegment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.retention import FORCED_OUT

log = structlog.get_logger()

#: The database's shared memory and log, and the first fragments of a few cameras, until retention runs.
START_BYTES = 8 << 20

_OLDEST = """
SELECT camera, start_us, end_us, size_bytes, path FROM segment ORDER BY EXISTS (
    SELECT 1 FROM protected_span AS held WHERE held.camera=segment.camera
    AND held.start_us<segment.end_us AND held.end_us>segment.start_us
), end_us
"""


def make_room(database: Path, recordings: Path) -> list[StoredSegment]:
    """Delete the oldest files until the database can be opened; what went.

    Only while nobody else works on the data folder. A database that cannot be read says nothing of what
    is held as evidence: then nothing goes.
    """
    if not database.exists() or _has_room(recordings):
        return []
    freed = []
    try:
        for segment in _oldest(database):
            (recordings / segment.path).unlink(missing_ok=True)
            freed.append(segment)
            if _has_room(recordings):
                break
    except (OSError, sqlite3.Error) as error:
        log.error("no_room_made", error=str(error))
    log.error("started_without_room", files_deleted=len(freed))
    return freed


def tell_freed(index: RecordingIndex, alarms: Alarms, freed: list[StoredSegment]) -> None:
    """The rows of what `make_room` deleted go, the hub hears of it, and an alarm is raised."""
    if not freed:
        return
    try:
        index.purge(freed, "disk-floor")
        alarms.sound(FORCED_OUT)
    except sqlite3.Error as error:  # no reason not to record; the floor takes these rows next
        log.error("freed_footage_not_noted", error=str(error))


def _has_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= START_BYTES


def _oldest(database: Path) -> Iterator[StoredSegment]:
    """Read with the log's index in memory, which needs no room, but nobody beside us."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        for row in connection.execute(_OLDEST):
            yield StoredSegment(*row)
