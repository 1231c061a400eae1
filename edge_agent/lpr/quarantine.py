"""Pushes that were refused, as a technician looks at them: which camera, why, and the bytes it sent."""

import msgspec

from edge_agent.store import Store

DAY_US = 86_400_000_000


class RefusedPush(msgspec.Struct, frozen=True):
    """`reason` is in English, as the device was told; `size_bytes` of what was kept."""

    id: int
    received_us: int
    camera: str
    vendor: str
    reason: str
    size_bytes: int


class RefusedOf(msgspec.Struct, frozen=True):
    """What one camera was refused lately, and why the last time."""

    camera: str
    pushes: int
    reason: str
    received_us: int


class Quarantine:
    """Reads what PlateReads.quarantine keeps."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self, limit: int) -> list[RefusedPush]:
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT id, received_us, camera, vendor, reason, length(body) FROM quarantine "
                "ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [RefusedPush(*row) for row in rows]

    def body(self, push_id: int) -> bytes | None:
        """What the device sent, cut where it was too long; None: there is no such push any more."""
        with self._store.read() as connection:
            row = connection.execute("SELECT body FROM quarantine WHERE id = ?", (push_id,)).fetchone()
        return bytes(row[0]) if row else None

    def by_camera(self, since_us: int) -> list[RefusedOf]:
        """The camera that was refused most first."""
        with self._store.read() as connection:
            rows = connection.execute(
                # SQLite gives reason and time of the row that has the maximum (lang_select, 2.5).
                "SELECT camera, count(*), reason, received_us, max(id) FROM quarantine "
                "WHERE received_us >= ? GROUP BY camera ORDER BY count(*) DESC",
                (since_us,),
            ).fetchall()
        return [RefusedOf(*row[:4]) for row in rows]
