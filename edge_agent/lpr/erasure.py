"""Erasure of a plate's reads at the box, as the hub orders at a person's request (LGPD, art. 18, VI).

What a hold protects stays: the hub's, by the periods in the order, and one on footage that was set
here. What the hub has not acknowledged stays too, because an event that was answered with 2xx is
never lost: the answer counts it, and the hub orders again.

Order of steps: the pictures go first, then the rows. A crash in between leaves rows without a
picture, and the order, which has no answer, comes again.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from edge_agent.clock import now_us, to_datetime, to_us
from edge_agent.lpr import images
from edge_agent.store import MAX_INTEGER, Store
from edge_agent.sync import outbox
from protocol.messages import AuditEvent, ErasePlate
from protocol.topics import Stream

#: Rows of one transaction: short enough for a push that waits behind it.
_BATCH = 500

_UNHELD = """
SELECT id, captured_us, image_path FROM plate_read AS r
WHERE plate IN (?, ?) AND captured_us <= ? AND NOT EXISTS (
  SELECT 1 FROM protected_span AS p
  WHERE p.camera = r.camera AND r.captured_us BETWEEN p.start_us AND p.end_us)
"""
_WAITING = """
SELECT json_extract(data, '$.id') FROM outbox
WHERE stream = ? AND json_extract(data, '$.plate') IN (?, ?)
"""


class PlateErasure:
    """Carries out the hub's orders."""

    def __init__(self, store: Store, images_root: Path) -> None:
        self._store = store
        self._images = images_root

    def erase(self, order: ErasePlate, requester: str) -> int:
        """Returns how many reads wait for the hub's acknowledgement. Raises OSError, sqlite3.Error."""
        doomed, waiting = self._doomed(order)
        for first in range(0, len(doomed), _BATCH):
            batch = doomed[first : first + _BATCH]
            for row in batch:
                if row["image_path"]:
                    images.destroy(self._images, row["image_path"])
            with self._store.transaction() as transaction:
                transaction.executemany(
                    "DELETE FROM plate_read WHERE id = ?", [(row["id"],) for row in batch]
                )
        if doomed:
            self._note(requester, len(doomed))
        return waiting

    def _doomed(self, order: ErasePlate) -> tuple[list[sqlite3.Row], int]:
        """The rows that go, and how many more would but for the outbox."""
        spellings = _pair(order.spellings)
        with self._store.read() as connection:
            found = connection.execute(_UNHELD, (*spellings, to_us(order.before))).fetchall()
            waiting = {row[0] for row in connection.execute(_WAITING, (Stream.LPR, *spellings))}
        free = [row for row in found if not _is_held(row["captured_us"], order)]
        doomed = [row for row in free if row["id"] not in waiting]
        return doomed, len(free) - len(doomed)

    def _note(self, requester: str, reads: int) -> None:
        """For the audit trail, without the plate: the hub's own entry has its digest."""
        event = AuditEvent(
            at=to_datetime(now_us()), actor=requester, action="box.plate.erased", target=str(reads)
        )
        with self._store.transaction() as transaction:
            outbox.append(transaction, Stream.AUDIT, event)


def _pair(spellings: Sequence[str]) -> tuple[str, str]:
    return spellings[0], spellings[-1]


def _is_held(captured_us: int, order: ErasePlate) -> bool:
    return any(
        to_us(kept.since) <= captured_us < (to_us(kept.until) if kept.until else MAX_INTEGER)
        for kept in order.kept
    )
