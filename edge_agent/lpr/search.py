"""What the box knows of plates: its own reads, searched by the patterns of protocol.plates."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import msgspec

from edge_agent.lpr import images
from edge_agent.store import MAX_INTEGER, Store
from protocol.messages import PlateRead
from protocol.plates import fold, is_exact, variants


@dataclass(frozen=True, slots=True)
class StoredRead:
    """A read with its place in the box's own order (`order`), for paging."""

    order: int
    read: PlateRead
    image_path: str | None


@dataclass(frozen=True, slots=True)
class PlateQuery:
    """`pattern` as of parse_pattern, empty: any plate; `before` is the `order` to go on from."""

    pattern: str = ""
    tolerant: bool = False
    camera: str = ""
    start_us: int = 0
    end_us: int = MAX_INTEGER
    before: int | None = None
    limit: int = 50


class PlateSearch:
    """Questions about the box's reads."""

    def __init__(self, store: Store, images_root: Path) -> None:
        self._store = store
        self._images = images_root

    def newest_received_us(self, camera: str) -> int | None:
        """When the box received the newest of a camera's reads that it still has."""
        with self._store.read() as connection:
            row = connection.execute(
                "SELECT received_us FROM plate_read WHERE camera = ? ORDER BY captured_us DESC LIMIT 1",
                (camera,),
            ).fetchone()
        return int(row[0]) if row else None

    def find(self, query: PlateQuery) -> list[StoredRead]:
        """Reads, newest first."""
        before = MAX_INTEGER if query.before is None else min(query.before, MAX_INTEGER)
        conditions, values = ["rowid_order < ?", "captured_us BETWEEN ? AND ?"], [before]
        values += [query.start_us, query.end_us]
        parameters: list[object] = list(values)
        if query.camera:
            conditions.append("camera = ?")
            parameters.append(query.camera)
        if query.pattern:
            condition, texts = _plate_condition(query.pattern, query.tolerant)
            conditions.append(condition)
            parameters += texts
        statement = (
            "SELECT rowid_order, data, image_path FROM plate_read "  # noqa: S608 - of constant conditions
            f"WHERE {' AND '.join(conditions)} ORDER BY rowid_order DESC LIMIT ?"
        )
        with self._store.read() as connection:
            rows = connection.execute(statement, (*parameters, query.limit)).fetchall()
        return [stored_read(row) for row in rows]

    def one(self, read_id: str) -> StoredRead | None:
        with self._store.read() as connection:
            row = connection.execute(
                "SELECT rowid_order, data, image_path FROM plate_read WHERE id=?", (read_id,)
            ).fetchone()
        return stored_read(row) if row else None

    def between(self, camera: str, start_us: int, end_us: int, limit: int = 5000) -> list[PlateRead]:
        """A camera's reads of a period, in time order: the marks on its timeline."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT rowid_order, data, image_path FROM plate_read "
                "WHERE camera=? AND captured_us BETWEEN ? AND ? ORDER BY captured_us LIMIT ?",
                (camera, start_us, end_us, limit),
            ).fetchall()
        return [stored_read(row).read for row in rows]

    def image(self, read_id: str) -> bytes | None:
        """A read's JPEG, when there is one. Raises OSError."""
        with self._store.read() as connection:
            row = connection.execute("SELECT image_path FROM plate_read WHERE id=?", (read_id,)).fetchone()
        return images.read(self._images, row[0]) if row and row[0] else None


def _plate_condition(pattern: str, tolerant: bool) -> tuple[str, list[str]]:
    """GLOB's `?` and `*` are ours; nothing else of a pattern means anything to it."""
    texts = variants(pattern, tolerant=tolerant)
    column, texts = ("fold", [fold(text) for text in texts]) if tolerant else ("plate", texts)
    operator = "=" if is_exact(pattern) else "GLOB"
    return f"({' OR '.join(f'{column} {operator} ?' for _ in texts)})", texts


def stored_read(row: sqlite3.Row) -> StoredRead:
    """Of a row that begins with rowid_order, data, image_path."""
    return StoredRead(row[0], msgspec.json.decode(row[1], type=PlateRead), row[2])
