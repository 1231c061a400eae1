"""Deletes footage past its plan's days, and the oldest when the disk runs low.

Protecting the disk floor comes before the plan: a full disk would stop every
camera. The order in which footage goes:

1. what is past its plan and no hold keeps (recording.protection); of every
   camera, also of one that was removed;
2. below the floor: files that nothing can read, then the oldest footage of the
   whole box, and what a hold keeps only when nothing else is left.

Footage that the floor forces out inside its plan is an alarm, told to whoever
listens and kept for a day (recording.alarms). A sweep reads the index in batches,
so it costs what it deletes, however much the box holds; what went reaches the hub
as few events (recording.purged).
"""

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from edge_agent.clock import now_us, to_datetime
from edge_agent.recording.alarms import Alarms
from edge_agent.recording.domain import SWEEP_MIN_S, StoredSegment, next_sweep_s, to_purge
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.purged import Reason

log = structlog.get_logger()

DAY_US = 86_400_000_000
#: Rows deleted in one transaction, so that plates do not wait for it.
BATCH = 200
#: Rows past their plan that are looked at together. Deleted camera by camera, they make few events
#: also after days without a sweep, when each camera has thousands of files to lose.
WINDOW = 100 * BATCH
#: Without another figure, this much of the disk stays free: room for a minute of every camera
#: and for the database, whatever the size; a file system slows down when it is fuller.
FLOOR_FRACTION = 0.02
FLOOR_MIN_BYTES = 2 * 1024**3
#: Recording files that could not be understood lie here, below the recordings folder (recording.repair).
UNREADABLE = "unreadable"

FORCED_OUT = "Disco cheio: gravações dentro do prazo de guarda foram apagadas."
FORCED_OUT_PROTECTED = "Disco cheio: gravações protegidas (evidências) foram apagadas."


def default_floor_bytes(total_bytes: int) -> int:
    return max(FLOOR_MIN_BYTES, int(total_bytes * FLOOR_FRACTION))


class Retention:
    """Keeps what the plan says and the disk allows."""

    def __init__(
        self,
        index: RecordingIndex,
        alarms: Alarms,
        retention_days: Callable[[], int],
        floor_bytes: int,
        on_alarm: Callable[[str], None] = lambda text: None,
    ) -> None:
        """`on_alarm` is called, off the event loop, with a text for people when footage is forced out."""
        self._index = index
        self._alarms = alarms
        self._retention_days = retention_days
        self._floor_bytes = floor_bytes
        self._on_alarm = on_alarm

    def sweep(self) -> int:
        """One pass; returns how many recording files were deleted. Raises OSError, sqlite3.Error."""
        keep_after_us = now_us() - self._retention_days() * DAY_US
        by_age = self._purge_by_age(keep_after_us)
        self._purge_unreadable(keep_after_us)
        return by_age + self._keep_floor()

    async def run(self) -> None:
        """Sweep for ever, more often while the disk fills; a failing pass is logged and tried again."""
        while True:
            try:
                await asyncio.to_thread(self.sweep)
            except (OSError, sqlite3.Error) as error:
                log.error("retention_failed", error=str(error))
            try:
                await self._rest()
            except OSError as error:  # the disk was taken away
                log.error("free_space_unknown", error=str(error))

    async def _rest(self) -> None:
        began_mono, free_then = time.monotonic(), self._free_bytes()
        due = False
        while not due:
            await asyncio.sleep(SWEEP_MIN_S)
            elapsed_s, free = time.monotonic() - began_mono, self._free_bytes()
            due = elapsed_s >= next_sweep_s(free, self._floor_bytes, (free - free_then) / elapsed_s)

    def _free_bytes(self) -> int:
        return shutil.disk_usage(self._index.folder).free

    def _purge_by_age(self, keep_after_us: int) -> int:
        purged = 0
        while victims := self._index.oldest(WINDOW, ended_before_us=keep_after_us):
            victims.sort(key=lambda victim: (victim.camera, victim.start_us))
            for first in range(0, len(victims), BATCH):
                self._purge(victims[first : first + BATCH], "retention")
            purged += len(victims)
        return purged

    def _keep_floor(self) -> int:
        if self._free_bytes() < self._floor_bytes:
            self._purge_unreadable(now_us())
        return self._free(protected=False, alarm=FORCED_OUT) + self._free(
            protected=True, alarm=FORCED_OUT_PROTECTED
        )

    def _free(self, protected: bool, alarm: str) -> int:
        """Delete the oldest until the disk has its floor, or nothing of this kind is left."""
        purged = 0
        while (missing := self._floor_bytes - self._free_bytes()) > 0:
            victims = to_purge(self._index.oldest(BATCH, protected), missing)
            if not victims:
                break
            self._purge(victims, "disk-floor")
            purged += len(victims)
        if purged:
            log.error("alarm", alarm="disk_floor", protected=protected, files=purged, text=alarm)
            self._alarms.sound(alarm)
            self._on_alarm(alarm)
        return purged

    def _purge(self, victims: list[StoredSegment], reason: Reason) -> None:
        self._index.purge(victims, reason)
        for folder in {(self._index.folder / victim.path).parent for victim in victims}:
            remove_empty(folder, self._index.folder)

    def _purge_unreadable(self, keep_after_us: int) -> None:
        for file in (self._index.folder / UNREADABLE).glob("*"):
            if file.stat().st_mtime_ns // 1000 < keep_after_us:
                file.unlink(missing_ok=True)


def remove_empty(folder: Path, root: Path) -> None:
    """Remove a camera's folder of one day, and the camera's, when nothing is in them.

    In a folder of today or yesterday a recorder may be about to open a file.
    """
    if folder.name >= to_datetime(now_us() - DAY_US).strftime("%Y-%m-%d"):
        return
    with contextlib.suppress(OSError):  # not empty
        while folder != root:
            folder.rmdir()
            folder = folder.parent
