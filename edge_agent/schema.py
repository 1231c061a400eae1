"""The tables of the box's database, version by version.

Each step may be repeated: a power cut in the middle of a migration costs nothing.
"""

from collections.abc import Callable

from sqlite_utils import Database

from protocol.plates import fold
from protocol.topics import OUTBOX_STREAMS

#: 1: recording, plates, delivery. 2: spans held as evidence, clips. 3: the age of events.
#: 4: plates by what OCR confuses. 5: how the clock was while a file was recorded.
#: 6: which events may have been published. 7: watchlist hits until a guard has seen them.
SCHEMA_VERSION = 7


def migrate(db: Database, clock_us: Callable[[], int]) -> None:
    """Bring a database of any earlier version to this one. `clock_us`: as store.Store says."""
    (version,) = db.conn.execute("PRAGMA user_version").fetchone()
    if version < 1:
        _create_tables(db)
    if version < 2:
        _create_recording_tables(db)
        _create_evidence_tables(db)
        _start_counting(db, clock_us())
    if version < 3:
        _date_events(db)
    if version < 4:
        _index_plates(db)
    if version < 5:
        _note_the_clock(db)
    if version < 6:
        _note_what_was_published(db)
    if version < 7:
        _keep_hits(db)
    if version < SCHEMA_VERSION:
        db.conn.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _create_tables(db: Database) -> None:
    # What the box knows about itself: its desired state, keys made at first start.
    db.table("setting").create(
        {"name": str, "value": bytes}, pk="name", not_null={"value"}, if_not_exists=True
    )
    # A closed recording file; `fragments` is MessagePack, see recording.index.
    db.table("segment").create(
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
    db.table("segment").create_index(["end_us"], if_not_exists=True)
    db.table("plate_read").create(
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
    db.table("plate_read").create_index(["id"], unique=True, if_not_exists=True)
    db.table("plate_read").create_index(["camera", "vendor_event"], unique=True, if_not_exists=True)
    db.table("plate_read").create_index(["camera", "captured_us"], if_not_exists=True)
    # A payload that a camera sent and the box refused, with the reason.
    db.table("quarantine").create(
        {"id": int, "received_us": int, "camera": str, "vendor": str, "reason": str, "body": bytes},
        pk="id",
        if_not_exists=True,
    )
    # Delivery to the hub: see protocol.delivery for the rules.
    db.table("outbox").create(
        {"stream": str, "seq": int, "data": bytes},
        pk=("stream", "seq"),
        not_null={"data"},
        if_not_exists=True,
    )
    db.table("stream_seq").create(
        {"stream": str, "last": int}, pk="stream", not_null={"last"}, if_not_exists=True
    )


def _create_recording_tables(db: Database) -> None:
    # Merged spans of `segment`, so that a month's timeline is a few rows (recording.coverage).
    db.table("coverage").create(
        {"camera": str, "start_us": int, "end_us": int},
        pk=("camera", "start_us"),
        not_null={"end_us"},
        if_not_exists=True,
    )
    # Footage held past its plan (recording.protection); few rows, made by people.
    db.table("protected_span").create(
        {"id": int, "camera": str, "start_us": int, "end_us": int, "reason": str, "created_us": int},
        pk="id",
        not_null={"camera", "start_us", "end_us", "reason", "created_us"},
        if_not_exists=True,
    )
    db.table("protected_span").create_index(["camera", "start_us"], if_not_exists=True)


def _create_evidence_tables(db: Database) -> None:
    # A clip asked for; `data` is its state as JSON, see evidence.
    db.table("clip").create(
        {"id": str, "created_us": int, "data": bytes},
        pk="id",
        not_null={"created_us", "data"},
        if_not_exists=True,
    )


def _start_counting(db: Database, created_us: int) -> None:
    """Outbox numbers start at the database's creation, so that a box whose disk was replaced
    never repeats a number that the hub holds from its predecessor."""
    rows = [{"stream": stream.value, "last": created_us} for stream in OUTBOX_STREAMS]
    db.table("stream_seq").insert_all(rows, ignore=True)


def _date_events(db: Database) -> None:
    # When an event came to wait; NULL in what an older version left waiting.
    if "created_us" not in db.table("outbox").columns_dict:
        db.table("outbox").add_column("created_us", int)


def _note_the_clock(db: Database) -> None:
    # NULL in files that were recorded before, or repaired: nobody knows.
    known = db.table("segment").columns_dict
    for column in ("clock_synchronised", "clock_error_ms"):
        if column not in known:
            db.table("segment").add_column(column, int)


def _note_what_was_published(db: Database) -> None:
    # See sync.outbox. Of what an older version left waiting nobody knows.
    if "published" not in db.table("stream_seq").columns_dict:
        db.table("stream_seq").add_column("published", int, not_null_default=0)
        db.conn.execute("UPDATE stream_seq SET published = last")


def _keep_hits(db: Database) -> None:
    # A read that matched the watchlist (lpr.watch_hits), gone with the read; `entries` is JSON.
    db.conn.execute(
        "CREATE TABLE IF NOT EXISTS watchlist_hit ("
        "read_id TEXT PRIMARY KEY REFERENCES plate_read(id) ON DELETE CASCADE, group_id TEXT NOT NULL, "
        "reads INTEGER NOT NULL, entries BLOB NOT NULL, acknowledged_us INTEGER)"
    )
    db.conn.execute(
        "CREATE INDEX IF NOT EXISTS idx_watchlist_hit_open ON watchlist_hit(read_id) "
        "WHERE acknowledged_us IS NULL"
    )
    db.table("watchlist_hit").create_index(["group_id"], if_not_exists=True)


def _index_plates(db: Database) -> None:
    # A search by pattern, exactly or as OCR may have misread it (protocol.plates).
    if "fold" not in db.table("plate_read").columns_dict:
        db.table("plate_read").add_column("fold", str, not_null_default="")
    db.conn.create_function("plate_fold", 1, fold, deterministic=True)
    db.conn.execute("UPDATE plate_read SET fold = plate_fold(plate) WHERE fold = ''")
    db.table("plate_read").create_index(["plate"], if_not_exists=True)
    db.table("plate_read").create_index(["fold"], if_not_exists=True)
    # Which reads still need a file that they share (lpr.images); most share none.
    db.conn.execute(
        "CREATE INDEX IF NOT EXISTS idx_plate_read_pack ON plate_read(image_path) "
        "WHERE instr(image_path, '#') > 0"
    )
