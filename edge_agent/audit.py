"""What people do at the box, on its way to the hub's audit trail, in the order in which they did it.

A full disk must not keep a guard from his cameras: what the database refuses is in the log at once and
waits in memory, up to MAX_WAITING; then nothing more that is audited is allowed. It is committed as soon
as there is room, before what comes after it. Only a box that is killed before then keeps it in its log
alone.
"""

import asyncio
import sqlite3
import threading

import structlog

from edge_agent.clock import now_us, to_datetime
from edge_agent.store import Store
from edge_agent.sync import outbox
from protocol.messages import AuditEvent
from protocol.topics import Stream

log = structlog.get_logger()

MAX_WAITING = 1000
TRY_EVERY_S = 30.0


class AuditTrail:
    """Appends to it from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: list[AuditEvent] = []

    def record(self, actor: str, action: str, target: str = "", purpose: str = "") -> None:
        """Raises sqlite3.Error when too much waits already: then what was to be done must not be."""
        event = AuditEvent(to_datetime(now_us()), actor, action, target, purpose)
        with self._lock:
            self._waiting.append(event)
            try:
                self._write()
            except sqlite3.Error as error:
                if len(self._waiting) > MAX_WAITING:
                    self._waiting.pop()
                    raise
                log.error("audit_waits", actor=actor, action=action, target=target, error=str(error))

    def write_waiting(self) -> None:
        """Raises sqlite3.Error."""
        with self._lock:
            if self._waiting:
                self._write()

    async def keep_writing(self) -> None:
        """What waits is not left until somebody does something again; until cancelled."""
        while True:
            await asyncio.sleep(TRY_EVERY_S)
            try:
                await asyncio.to_thread(self.write_waiting)
            except sqlite3.Error as error:
                log.warning("audit_still_waits", error=str(error))

    def _write(self) -> None:
        with self._store.transaction() as transaction:
            outbox.append_all(transaction, Stream.AUDIT, self._waiting)
        self._waiting = []
