"""The box's one SQLite database: schema, and the only way to a transaction.

Durability: WAL with synchronous=FULL, so a committed transaction survives a
power cut (https://www.sqlite.org/pragma.html#pragma_synchronous). That is what
allows the LPR port to answer 2xx after the commit.

One connection serves the whole process behind a lock: SQLite has one writer
anyway, and every statement here is short.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from edge_agent.clock import now_us
from protocol.topics import OUTBOX_STREAMS

#: 1: recording, plates, delivery. 2: spans held as evidence, clips.
SCHEMA_VERSION = 2

#: The largest integer that SQLite takes; a larger one in a question matches nothing.
MAX_INTEGER = 2**63 - 1


class Store:
    """The database of one box; use `transaction()` to write and `read()` to read."""

    def __init__(self, path: Path, clock_us: Callable[[], int] = now_us) -> None:
        """`clock_us` gives the creation time of a new database, in microseconds since 1970."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        path.chmod(0o600)  # camera addresses carry their passwords
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        self._lock = threading.RLock()
        self._db = Database(connection)
        self._migrate(clock_us)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the block, durably, or nothing of it."""
        with self._lock:
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
        with self._lock:
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

    def _start_counting(self, created_us: int) -> None:
        """Outbox numbers start at the database's creation, so that a box whose disk was replaced
        never repeats a number that the hub holds from its predecessor."""
        rows = [{"stream": stream.value, "last": created_us} for stream in OUTBOX_STREAMS]
        self._db.table("stream_seq").insert_all(rows, ignore=True)
