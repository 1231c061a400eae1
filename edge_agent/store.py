"""The box's one SQLite database, and the only way to a transaction; its tables are in `schema`.

Durability: WAL with synchronous=FULL, so a committed transaction survives a
power cut (https://www.sqlite.org/pragma.html#pragma_synchronous). That is what
allows the LPR port to answer 2xx after the commit.

One connection serves the whole process behind a lock: SQLite has one writer
anyway, and every statement here is short.

A damaged database must not keep a box from recording. It is noticed when it is
opened, or by the statement that stumbles over it (then the file `edge.db.suspect`
is left, and the next start looks at every page); the box that starts moves it aside,
never deletes it, and begins a new one. `repair` indexes the footage again; what the
hub had not acknowledged is lost with it, which `damaged` says for as long as
the damaged file lies there. Who only looks leaves a damaged database where it is.

    StoreUnavailable    the folder cannot be written, or the disk refuses
    StoreDamaged        the database is damaged, and was to be looked at only
"""

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlite_utils import Database

from edge_agent import schema
from edge_agent.clock import now_us

log = structlog.get_logger()

#: The largest integer that SQLite takes; a larger one in a question matches nothing.
MAX_INTEGER = 2**63 - 1


#: A database of up to this size is checked page by page at every start: about a second.
CHECK_UP_TO_BYTES = 256 * 1024**2
MIN_ROOM_BYTES = 1024**2


class StoreUnavailable(Exception):
    """The database cannot be used here; the text says why, for a technician."""


class StoreDamaged(StoreUnavailable):
    """The text (Portuguese) says what becomes of it."""


class Damaged(sqlite3.DatabaseError):
    """SQLite's own check found broken pages."""


class Store:
    """The database of one box; use `transaction()` to write and `read()` to read."""

    def __init__(
        self, path: Path, clock_us: Callable[[], int] = now_us, replace_damaged: bool = False
    ) -> None:
        """`clock_us` gives the creation time of a new database, in microseconds since 1970.
        `replace_damaged`: a damaged one is moved aside, and a new one begins.

        Raises StoreUnavailable; StoreDamaged without `replace_damaged`.
        """
        self._replace_damaged = replace_damaged
        self._lock = threading.RLock()
        self._path = path
        self._suspect = path.with_name(path.name + ".suspect")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open_sound(clock_us)
        except (OSError, sqlite3.OperationalError) as error:
            room = "" if _has_room(path.parent) else "; the disk is full"
            raise StoreUnavailable(f"the database {path} cannot be used: {error}{room}") from None

    @property
    def damaged(self) -> list[Path]:
        """Databases that were moved aside, until somebody takes them away."""
        return sorted(self._path.parent.glob(f"{self._path.name}.damaged-*[0-9]"))

    @property
    def is_suspect(self) -> bool:
        """Whether damage was met since the last start, which the next one looks for."""
        return self._suspect.exists()

    def _open_sound(self, clock_us: Callable[[], int]) -> Database:
        try:
            return self._open(clock_us)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            if not self._replace_damaged:
                raise StoreDamaged(
                    f"O banco de dados {self._path} está danificado ({error}). A caixa, quando começa, "
                    "o guarda à parte e indexa de novo as gravações."
                ) from None
            self._move_aside(error)
            return self._open(clock_us)

    def _open(self, clock_us: Callable[[], int]) -> Database:
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        try:
            self._path.chmod(0o600)  # camera addresses carry their passwords
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            self._check(connection)
            self._db = Database(connection)
            schema.migrate(self._db, clock_us)
        except BaseException:
            connection.close()
            raise
        return self._db

    def _check(self, connection: sqlite3.Connection) -> None:
        """Raises sqlite3.DatabaseError when pages are damaged."""
        if self._path.stat().st_size > CHECK_UP_TO_BYTES and not self._suspect.exists():
            return
        _quick_check(connection)
        self._suspect.unlink(missing_ok=True)

    def _move_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged-{now_us()}")
        # The log first: without it the database file is still what it was at its last checkpoint,
        # while a log without its database would be played into the new one.
        for suffix in ("-wal", "-shm", ""):
            file = self._path.with_name(self._path.name + suffix)
            if file.exists():
                file.replace(aside.with_name(aside.name + suffix))
        self._suspect.unlink(missing_ok=True)
        log.error("database_damaged", error=str(error), moved_to=aside.name, lost="events not yet sent")

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                log.error("database_damaged_in_use", error=str(error), remedy="restart the box")
                with contextlib.suppress(OSError):
                    self._suspect.touch()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, durably, or nothing of it."""
        with self._lock, self._noticing_damage():
            connection = self._db.conn
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite rolls some errors back by itself: a full disk is one
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._noticing_damage():
            yield self._db.conn

    def forget_deleted(self) -> None:
        """Leave no trace of deleted rows in the file or its log, where SQLite keeps them until
        their pages are used again. Rewrites the whole file, so it is for one-time migrations."""
        with self._lock:
            self._db.conn.execute("VACUUM")
            self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._db.conn.close()


def _has_room(folder: Path) -> bool:
    """Whether SQLite's shared memory and a little of its log fit."""
    try:
        return shutil.disk_usage(folder).free >= MIN_ROOM_BYTES
    except OSError:
        return True


def check_pages(path: Path) -> None:
    """Look at every page of a database that may be in use, changing nothing.

    Raises sqlite3.DatabaseError: Damaged, or OperationalError when it cannot be opened.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        _quick_check(connection)
    finally:
        connection.close()


def _quick_check(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise Damaged(" ".join(verdict.split()))  # SQLite's report has several lines


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, Damaged) or (
        code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    )
