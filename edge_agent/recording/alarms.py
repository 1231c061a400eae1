"""What recording could not keep, for a day after it happened last, also across restarts of the box."""

import msgspec

from edge_agent.clock import now_us, to_datetime
from edge_agent.store import Store
from protocol.messages import Alarm

#: How long an alarm stays in the box's health: a day, so that somebody is at the desk.
ALARM_US = 86_400_000_000

_SETTING = "recording-alarms"


class Alarms:
    """Texts for people, each with when it last came true (microseconds UTC)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> list[Alarm]:
        return [Alarm(text, to_datetime(last_us), critical=True) for text, last_us in self._raised().items()]

    def sound(self, text: str) -> None:
        """It came true now. Raises sqlite3.Error."""
        raised = {**self._raised(), text: now_us()}
        with self._store.transaction() as transaction:
            transaction.execute(
                "INSERT INTO setting(name, value) VALUES (?, ?) "
                "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                (_SETTING, msgspec.json.encode(raised)),
            )

    def _raised(self) -> dict[str, int]:
        with self._store.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE name=?", (_SETTING,)).fetchone()
        raised = msgspec.json.decode(row[0], type=dict[str, int]) if row else {}
        now = now_us()
        # Both ways: a clock that was set back must not keep an alarm until it catches up.
        return {text: last_us for text, last_us in raised.items() if abs(now - last_us) < ALARM_US}
