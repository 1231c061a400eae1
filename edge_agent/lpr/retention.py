"""Old plate reads go with their images, and refused payloads, when their city's plan says so.

A read that was captured within a hold on its camera's footage stays with it
(recording.protection). What the hub has not acknowledged stays in the outbox, which is
not retention's: an event that was answered with 2xx is never lost.

Order of steps: the rows go first, then the files. A crash in between leaves images that no
row names; they go when their whole day is past the plan.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import structlog

from edge_agent.clock import now_us, to_datetime
from edge_agent.lpr import images
from edge_agent.store import Store

log = structlog.get_logger()

_DAY_US = 86_400_000_000
_SWEEP_EVERY_S = 600.0
#: Rows of one transaction: short enough for a push that waits behind it.
_BATCH = 500

_OLDEST = """
SELECT rowid_order, image_path FROM plate_read AS r
WHERE received_us < ? AND NOT EXISTS (
  SELECT 1 FROM protected_span AS p
  WHERE p.camera = r.camera AND r.captured_us BETWEEN p.start_us AND p.end_us)
ORDER BY rowid_order LIMIT ?
"""


class PlateRetention:
    """Keeps the plan for plate reads."""

    def __init__(
        self,
        store: Store,
        images_root: Path,
        retention_days: Callable[[], int],
        clock_us: Callable[[], int] = now_us,
    ) -> None:
        self._store = store
        self._images = images_root
        self._retention_days = retention_days
        self._clock_us = clock_us

    def sweep(self) -> int:
        """One pass; returns how many reads went. Raises OSError, sqlite3.Error."""
        before_us = self._clock_us() - self._retention_days() * _DAY_US
        purged = 0
        while batch := self._purge(before_us):
            purged += batch
        self._purge_orphans(before_us - _DAY_US)
        with self._store.transaction() as transaction:
            transaction.execute("DELETE FROM quarantine WHERE received_us < ?", (before_us,))
        return purged

    async def run(self) -> None:
        """Sweep for ever; a failing pass is logged and tried again."""
        while True:
            try:
                await asyncio.to_thread(self.sweep)
            except (OSError, sqlite3.Error) as error:
                log.error("plate_retention_failed", error=str(error))
            await asyncio.sleep(_SWEEP_EVERY_S)

    def _purge(self, before_us: int) -> int:
        with self._store.transaction() as transaction:
            rows = transaction.execute(_OLDEST, (before_us, _BATCH)).fetchall()
            transaction.executemany("DELETE FROM plate_read WHERE rowid_order=?", [(row[0],) for row in rows])
        for file in {images.file_of(row[1]) for row in rows if row[1]}:
            if not self._is_needed(file):
                (self._images / file).unlink(missing_ok=True)
        return len(rows)

    def _purge_orphans(self, before_us: int) -> None:
        """Files of whole days past the plan that no row names: what is held keeps its own."""
        last_day = f"{to_datetime(before_us):%Y/%m/%d}"
        for folder in sorted(self._images.glob("[0-9]*/[0-9]*/[0-9]*")):
            if folder.relative_to(self._images).as_posix() < last_day:
                for file in folder.iterdir():
                    if not self._is_needed(file.relative_to(self._images).as_posix()):
                        file.unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # something is left in it, or in its month
                    folder.rmdir()
                    folder.parent.rmdir()
                    folder.parent.parent.rmdir()

    def _is_needed(self, file: str) -> bool:
        """Whether a row names this file, below the folder of images."""
        with self._store.read() as connection:
            if images.is_pack(file):
                row = connection.execute(
                    "SELECT 1 FROM plate_read WHERE instr(image_path, '#') > 0 "
                    "AND image_path >= ? AND image_path < ? LIMIT 1",
                    (f"{file}#", f"{file}$"),  # the sign after #
                ).fetchone()
            else:
                row = connection.execute("SELECT 1 FROM plate_read WHERE id=?", (Path(file).stem,)).fetchone()
        return row is not None
