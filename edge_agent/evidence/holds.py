"""Holds that people put on footage; those of clips belong to their clips and end with them."""

from edge_agent.evidence.domain import CLIP_HOLD
from edge_agent.recording.protection import ProtectedSpan, protect, release
from edge_agent.store import Store

#: Each may keep hours of a camera for ever: far more than a city's open cases.
MAX_HOLDS = 200


class NoSuchHold(Exception):
    """The hold does not exist, or belongs to a clip."""


class TooManyHolds(Exception):
    """The text (Portuguese) says what to do."""


class Holds:
    """Footage that is kept past its plan because somebody asked for it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, camera: str, start_us: int, end_us: int, reason: str) -> ProtectedSpan:
        """Raises TooManyHolds."""
        if len(self.all()) >= MAX_HOLDS:
            raise TooManyHolds("Há proteções demais nesta caixa. Libere as que não são mais necessárias.")
        with self._store.transaction() as transaction:
            hold = protect(transaction, camera, start_us, end_us, reason)
        return ProtectedSpan(hold, camera, start_us, end_us, reason)

    def all(self) -> list[ProtectedSpan]:
        """Newest first."""
        with self._store.read() as connection:
            rows = connection.execute(
                "SELECT id, camera, start_us, end_us, reason FROM protected_span ORDER BY id DESC"
            ).fetchall()
        return [span for row in rows if not (span := ProtectedSpan(*row)).reason.startswith(CLIP_HOLD)]

    def release(self, hold: int) -> None:
        """Raises NoSuchHold."""
        if not any(span.id == hold for span in self.all()):
            raise NoSuchHold(hold)
        with self._store.transaction() as transaction:
            release(transaction, hold)
