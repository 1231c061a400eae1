"""The box's one SQLite database: schema, and the only way to a transaction.

Durability: WAL with synchronous=FULL, so a committed transaction survives a
power cut (https://www.sqlite.org/pragma.html#pragma_synchronous). That is what
allows the LPR port to answer 2xx after the commit.

One connection serves the whole process behind a lock: SQLite has one writer
anyway, and every statement here is short.

A damaged database must not keep a box from recording. It is noticed when it is
opened, or by the statement that stumbles over it (then the file `edge.db.suspect`
is left, and the next start looks at every page); it is moved aside, never
deleted, and a new one begins. `repair` indexes the footage again; what the
hub had not acknowledged is lost with it, which `damaged` says for as long as
the damaged file lies there.

    StoreUnavailable    the folder cannot be written, or the disk refuses
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlite_utils import Database

from edge_agent.clock import now_us
from protocol.plates import fold
from protocol.topics import OUTBOX_STREAMS

log = structlog.get_logger()

#: 1: recording, plates, delivery. 2: spans held as evidence, clips. 3: plates by what OCR confuses.
SCHEMA_VERSION = 3

#: The largest integer that SQLite takes; a larger one in a question matches nothing.
MAX_INTEGER = 2**63 - 1


#: A database of up to this size is checked page by page at every start: about a second.
CHECK_UP_TO_BYTES = 256 * 1024**2


class StoreUnavailable(Exception):
    """The database cannot be used here; the text says why, for a technician."""


class Damaged(sqlite3.DatabaseError):
    """SQLite's own check found broken pages."""


class Store:
    """The database of one box; use `transaction()` to write and `read()` to read."""

    def __init__(self, path: Path, clock_us: Callable[[], int] = now_us) -> None:
        """`clock_us` gives the creation time of a new database, in microseconds since 1970.

        Raises StoreUnavailable.
        """
        self._lock = threading.RLock()
        self._path = path
        self._suspect = path.with_name(path.name + ".suspect")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open_sound(clock_us)
        except (OSError, sqlite3.OperationalError) as error:
            raise StoreUnavailable(f"the database {path} cannot be used: {error}") from None

    @property
    def damaged(self) -> list[Path]:
        """Databases that were moved aside, until somebody takes them away."""
        return sorted(self._path.parent.glob(f"{self._path.name}.damaged-*[0-9]"))

    def _open_sound(self, clock_us: Callable[[], int]) -> Database:
        try:
            return self._open(clock_us)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
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
            self._migrate(clock_us)
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

    def _migrate(self, clock_us: Callable[[], int]) -> None:
        with self._lock:
            (version,) = self._db.conn.execute("PRAGMA user_version").fetchone()
            if version < 1:
                self._create_tables()
            if version < 2:
                self._create_recording_tables()
                self._create_evidence_tables()
                self._start_counting(clock_us())
            if version < 3:
                self._index_plates()
            if version < SCHEMA_VERSION:
                self._db.conn.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    # Each step may be repeated: a power cut in the middle of a migration costs nothing.

    def _create_tables(self) -> None:
        # What the box knows about itself: its desired state, keys made at first start.
        self._db.table("setting").create(
            {"name": str, "value": bytes}, pk="name", not_null={"value"}, if_not_exists=True
        )
        # A closed recording file; `fragments` is MessagePack, see recording.index.
        self._db.table("segment").create(
            {
                "camera": str,
                "start_us": int,
                "end_us": int,
                "run_us": int,
                "drift_us": int,
                "path": str,
                "size_bytes": int,
                "init_bytes": int,
                "fragments": bytes,
            },
            pk=("camera", "start_us"),
            not_null={"end_us", "run_us", "path", "size_bytes", "init_bytes", "fragments"},
            if_not_exists=True,
        )
        self._db.table("segment").create_index(["end_us"], if_not_exists=True)
        self._db.table("plate_read").create(
            {
                "rowid_order": int,
                "id": str,
                "camera": str,
                "plate": str,
                "captured_us": int,
                "received_us": int,
                "image_path": str,
                "data": bytes,
                "vendor_event": str,
            },
            pk="rowid_order",
            not_null={"id", "camera", "plate", "captured_us", "received_us", "data", "vendor_event"},
            if_not_exists=True,
        )
        self._db.table("plate_read").create_index(["id"], unique=True, if_not_exists=True)
        self._db.table("plate_read").create_index(["camera", "vendor_event"], unique=True, if_not_exists=True)
        self._db.table("plate_read").create_index(["camera", "captured_us"], if_not_exists=True)
        # A payload that a camera sent and the box refused, with the reason.
        self._db.table("quarantine").create(
            {"id": int, "received_us": int, "camera": str, "vendor": str, "reason": str, "body": bytes},
            pk="id",
            if_not_exists=True,
        )
        # Delivery to the hub: see protocol.delivery for the rules.
        self._db.table("outbox").create(
            {"stream": str, "seq": int, "data": bytes},
            pk=("stream", "seq"),
            not_null={"data"},
            if_not_exists=True,
        )
        self._db.table("stream_seq").create(
            {"stream": str, "last": int}, pk="stream", not_null={"last"}, if_not_exists=True
        )

    def _create_recording_tables(self) -> None:
        # Merged spans of `segment`, so that a month's timeline is a few rows (recording.coverage).
        self._db.table("coverage").create(
            {"camera": str, "start_us": int, "end_us": int},
            pk=("camera", "start_us"),
            not_null={"end_us"},
            if_not_exists=True,
        )
        # Footage held past its plan (recording.protection); few rows, made by people.
        self._db.table("protected_span").create(
            {"id": int, "camera": str, "start_us": int, "end_us": int, "reason": str, "created_us": int},
            pk="id",
            not_null={"camera", "start_us", "end_us", "reason", "created_us"},
            if_not_exists=True,
        )
        self._db.table("protected_span").create_index(["camera", "start_us"], if_not_exists=True)

    def _create_evidence_tables(self) -> None:
        # A clip asked for; `data` is its state as JSON, see evidence.
        self._db.table("clip").create(
            {"id": str, "created_us": int, "data": bytes},
            pk="id",
            not_null={"created_us", "data"},
            if_not_exists=True,
        )

    def _index_plates(self) -> None:
        # A search by pattern, exactly or as OCR may have misread it (protocol.plates).
        connection = self._db.conn
        if "fold" not in self._db.table("plate_read").columns_dict:
            self._db.table("plate_read").add_column("fold", str, not_null_default="")
        connection.create_function("plate_fold", 1, fold, deterministic=True)
        connection.execute("UPDATE plate_read SET fold = plate_fold(plate) WHERE fold = ''")
        self._db.table("plate_read").create_index(["plate"], if_not_exists=True)
        self._db.table("plate_read").create_index(["fold"], if_not_exists=True)

    def _start_counting(self, created_us: int) -> None:
        """Outbox numbers start at the database's creation, so that a box whose disk was replaced
        never repeats a number that the hub holds from its predecessor."""
        rows = [{"stream": stream.value, "last": created_us} for stream in OUTBOX_STREAMS]
        self._db.table("stream_seq").insert_all(rows, ignore=True)


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
        raise Damaged(verdict)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, Damaged) or (
        code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    )
