"""Holds that people put on footage; those of clips belong to their clips and end with them.

They have a copy beside the database (config.Settings): a damaged one must not let evidence go.
"""

import sqlite3

import msgspec
import structlog

from edge_agent.config import Settings
from edge_agent.evidence.domain import CLIP_HOLD
from edge_agent.recording.protection import ProtectedSpan, protect, release

log = structlog.get_logger()

SETTING = "holds"
#: Each may keep hours of a camera for ever: far more than a city's open cases.
MAX_HOLDS = 200


class NoSuchHold(Exception):
    """The hold does not exist, or belongs to a clip."""


class TooManyHolds(Exception):
    """The text (Portuguese) says what to do."""


class Holds:
    """Footage that is kept past its plan because somebody asked for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = settings.store
        self._match_copy()

    def add(self, camera: str, start_us: int, end_us: int, reason: str) -> ProtectedSpan:
        """Raises TooManyHolds."""
        if len(self.all()) >= MAX_HOLDS:
            raise TooManyHolds("Há proteções demais nesta caixa. Libere as que não são mais necessárias.")
        with self._store.transaction() as transaction:
            hold = protect(transaction, camera, start_us, end_us, reason)
            self._keep_copy(transaction)
        return ProtectedSpan(hold, camera, start_us, end_us, reason)

    def all(self) -> list[ProtectedSpan]:
        """Newest first."""
        with self._store.read() as connection:
            return _all(connection)

    def release(self, hold: int) -> None:
        """Raises NoSuchHold."""
        if not any(span.id == hold for span in self.all()):
            raise NoSuchHold(hold)
        with self._store.transaction() as transaction:
            release(transaction, hold)
            self._keep_copy(transaction)

    def _keep_copy(self, transaction: sqlite3.Connection) -> None:
        self._settings.put_sealed(transaction, SETTING, msgspec.json.encode(_all(transaction)))

    def _match_copy(self) -> None:
        """A new database gets the holds back; a box that had none of this makes its first copy."""
        stored, here = self._settings.get_sealed(SETTING), self.all()
        kept = msgspec.json.decode(stored, type=list[ProtectedSpan]) if stored else []
        if bool(kept) == bool(here):
            return
        with self._store.transaction() as transaction:
            if not here:
                log.warning("holds_restored", holds=len(kept))
                for span in reversed(kept):  # the oldest first, as they were numbered
                    protect(transaction, span.camera, span.start_us, span.end_us, span.reason)
            self._keep_copy(transaction)


def _all(connection: sqlite3.Connection) -> list[ProtectedSpan]:
    rows = connection.execute(
        "SELECT id, camera, start_us, end_us, reason FROM protected_span ORDER BY id DESC"
    )
    return [span for row in rows if not (span := ProtectedSpan(*row)).reason.startswith(CLIP_HOLD)]
