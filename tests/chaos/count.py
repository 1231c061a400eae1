"""The count: what was accepted is in the hub, once, with its picture; nothing else is.

`look` gathers facts from PostgreSQL, the object store and the box's database; `differences` is
the judgement, without I/O.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psycopg
from minio import Minio
from minio.error import S3Error

from central_hub.lpr.domain import image_key
from demo.system import BUCKET, CITY
from tests.chaos.cameras import Ledger
from tests.chaos.system import ChaosSystem

#: As many as a person reads.
SHOWN = 10


@dataclass(frozen=True)
class Row:
    """A plate read in the hub; `stored_sha256` is of the object's bytes, None while there is no object."""

    camera: str
    plate: str
    sha256: str
    stored_sha256: str | None


@dataclass(frozen=True)
class Found:
    """What hub and box hold after all."""

    rows: Sequence[Row] = ()
    dead_letters: Sequence[str] = ()
    #: Held by the hub, by stream, as first and last number of each range.
    held: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    last_numbers: Mapping[str, int] = field(default_factory=dict)
    outbox: Mapping[str, int] = field(default_factory=dict)


def differences(ledgers: Mapping[str, Ledger], found: Found) -> list[str]:
    """What is wrong, in sentences; empty when every promise was kept. `ledgers` by camera."""
    wronged = [f"{plate}: {why}" for one in ledgers.values() for plate, why in one.wronged.items()]
    return [
        *_lost_and_doubled(ledgers, found.rows),
        *_pictures(ledgers, found.rows),
        *_some("wrongly refused", wronged),
        *_some("dead letters at the hub", found.dead_letters),
        *_numbers(found),
    ]


def _lost_and_doubled(ledgers: Mapping[str, Ledger], rows: Sequence[Row]) -> list[str]:
    times = Counter((row.camera, row.plate) for row in rows)
    accepted = {(camera, plate) for camera, ledger in ledgers.items() for plate in ledger.accepted}
    return [
        *_some("accepted and not in the hub", [f"{p} ({c})" for c, p in sorted(accepted - set(times))]),
        *_some("more than once in the hub", [f"{p} x{n}" for (_, p), n in sorted(times.items()) if n > 1]),
        *_some("in the hub and never accepted", [f"{p} ({c})" for c, p in sorted(set(times) - accepted)]),
    ]


def _pictures(ledgers: Mapping[str, Ledger], rows: Sequence[Row]) -> list[str]:
    missing, wrong = [], []
    for row in rows:
        ledger = ledgers.get(row.camera)
        pushed = ledger.accepted.get(row.plate) if ledger else None
        if pushed is None:
            continue
        if row.stored_sha256 is None:
            missing.append(row.plate)
        elif {row.sha256, row.stored_sha256} != {pushed}:
            wrong.append(row.plate)
    return [*_some("without picture", missing), *_some("with another picture than was pushed", wrong)]


def _numbers(found: Found) -> list[str]:
    waiting = [f"{count} in {stream}" for stream, count in found.outbox.items() if count]
    holes = [f"{stream}: {ranges}" for stream, ranges in found.held.items() if len(ranges) > 1]
    short = [
        f"{stream}: hub up to {ranges[-1][1]}, box at {found.last_numbers.get(stream)}"
        for stream, ranges in found.held.items()
        if ranges and ranges[-1][1] != found.last_numbers.get(stream)
    ]
    return [
        *_some("still in the box's outbox", waiting),
        *_some("holes in the numbers", holes),
        *_some("numbers that the hub does not hold", short),
    ]


def _some(what: str, which: Sequence[str]) -> list[str]:
    if not which:
        return []
    more = f" and {len(which) - SHOWN} more" if len(which) > SHOWN else ""
    return [f"{len(which)} {what}: {', '.join(which[:SHOWN])}{more}"]


# --- gathering -------------------------------------------------------------------------


def images_owed(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Reads in the hub whose picture it still waits for."""
    query = "SELECT count(*) FROM lpr_plateread WHERE image_sha256 <> '' AND image_stored_at IS NULL"
    (count,) = connection.execute(query).fetchone() or (0,)
    return int(str(count))


def look(system: ChaosSystem) -> Found:
    with psycopg.connect(system.postgres.url, autocommit=True) as connection:
        return Found(
            rows=_rows(system, connection),
            dead_letters=_dead_letters(connection),
            held=_held(connection),
            last_numbers=system.last_numbers(),
            outbox=system.waiting_at_box(),
        )


def _rows(system: ChaosSystem, connection: "psycopg.Connection[tuple[object, ...]]") -> list[Row]:
    store = Minio(system.objects.endpoint, *system.s3_keys, secure=False, region="us-east-1")
    query = "SELECT id, camera_id::text, plate, captured_at, image_sha256, image_stored_at FROM lpr_plateread"
    return [
        Row(camera, plate, sha256, _digest(store, image_key(CITY, read_id, at)) if stored else None)
        for read_id, camera, plate, at, sha256, stored in connection.execute(query).fetchall()
    ]


def _digest(store: Minio, key: str) -> str | None:
    try:
        answer = store.get_object(BUCKET, key)
    except S3Error:
        return None
    try:
        return hashlib.sha256(answer.read()).hexdigest()
    finally:
        answer.close()
        answer.release_conn()


def _dead_letters(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    rows = connection.execute("SELECT topic, seq, reason FROM ingest_deadletter").fetchall()
    return [f"{topic} {seq}: {reason}" for topic, seq, reason in rows]


def _held(connection: "psycopg.Connection[tuple[object, ...]]") -> dict[str, list[tuple[int, int]]]:
    rows = connection.execute("SELECT stream, received FROM ingest_streamcursor").fetchall()
    return {stream: [(part.lower, part.upper - 1) for part in received] for stream, received in rows}
