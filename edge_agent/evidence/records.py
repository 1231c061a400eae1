"""The clips of a box as rows: what was ordered, how far it is, what the hub's object store has of it."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import get_args

import msgspec
from msgspec.structs import replace

from edge_agent.clock import now_us
from edge_agent.evidence.domain import UNFINISHED, Clip, NoSuchClip, SentPart, State
from edge_agent.recording.protection import release
from edge_agent.store import Store


class ClipRecords:
    """Every method may raise sqlite3.Error, and msgspec.DecodeError for a row that is no clip."""

    def __init__(self, store: Store, on_change: Callable[[Clip], None]) -> None:
        """`on_change` is called with each new state of a clip."""
        self._store = store
        self._on_change = on_change

    def find(self, clip_id: str) -> Clip | None:
        with self._store.read() as connection:
            row = connection.execute("SELECT data FROM clip WHERE id=?", (clip_id,)).fetchone()
        return _decode(row[0]) if row else None

    def get(self, clip_id: str) -> Clip:
        """Raises NoSuchClip."""
        if (clip := self.find(clip_id)) is None:
            raise NoSuchClip(clip_id)
        return clip

    def newest(self, limit: int, before_us: int | None) -> list[Clip]:
        """Newest first; `before_us` goes on from the creation time of the last one seen."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT data FROM clip WHERE created_us < ? ORDER BY created_us DESC LIMIT ?",
                (before_us if before_us is not None else now_us() + 1, limit),
            ).fetchall()
        return [_decode(data) for (data,) in rows]

    def unfinished(self) -> list[Clip]:
        """In the order asked for; one that is `running` when nobody makes it was interrupted."""
        return [clip for clip in self._all() if clip.state in UNFINISHED]

    def count_by_state(self) -> dict[State, int]:
        """How many clips are in each state, also where none is."""
        found = Counter(clip.state for clip in self._all())
        return {state: found[state] for state in get_args(State)}

    def insert(self, transaction: sqlite3.Connection, clip: Clip) -> None:
        """In the transaction that holds its footage."""
        transaction.execute(
            "INSERT INTO clip(id, created_us, data) VALUES (?,?,?)",
            (clip.id, clip.created_us, msgspec.json.encode(clip)),
        )

    def save(self, clip: Clip) -> bool:
        """Store a clip's state; False when it was deleted meanwhile."""
        with self._store.transaction() as transaction:
            changed = transaction.execute(
                "UPDATE clip SET data=? WHERE id=?", (msgspec.json.encode(clip), clip.id)
            ).rowcount
        if changed:
            self._on_change(clip)
        return bool(changed)

    def delete(self, clip: Clip) -> None:
        """Forget it, and let go of its footage."""
        with self._store.transaction() as transaction:
            for hold in clip.holds:
                release(transaction, hold)
            transaction.execute("DELETE FROM clip WHERE id=?", (clip.id,))

    def part_sent(self, clip_id: str, upload: str, part: SentPart) -> None:
        """Remember what the object store took; only of the newest upload, older ones are never resumed."""
        with self._store.transaction() as transaction:
            row = transaction.execute("SELECT data FROM clip WHERE id=?", (clip_id,)).fetchone()
            if row is None:
                return
            clip = _decode(row[0])
            others = (known for known in clip.sent.get(upload, ()) if known.number != part.number)
            data = msgspec.json.encode(replace(clip, sent={upload: (*others, part)}))
            transaction.execute("UPDATE clip SET data=? WHERE id=?", (data, clip_id))

    def _all(self) -> list[Clip]:
        with self._store.read() as connection:
            rows = connection.execute("SELECT data FROM clip ORDER BY created_us").fetchall()
        return [_decode(data) for (data,) in rows]


def _decode(data: bytes) -> Clip:
    return msgspec.json.decode(data, type=Clip)
