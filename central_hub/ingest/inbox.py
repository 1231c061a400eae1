"""What has come and is not stored yet. Too much of it is dropped, but never a box's presence.

Nothing needs to be kept here for long: a box sends again what is not acknowledged, reports its health
every few seconds, and is asked again for a missing answer. Presence alone is said once, when it
changes: lost, a box in contact would count as absent, and be asked for nothing, until it
connects anew. So of each box the newest presence stays until it is stored, whatever else comes.
"""

import threading
from collections import deque

import paho.mqtt.client as paho

from protocol.topics import Stream


class Inbox:
    """Filled by the client's thread, emptied by the worker's. `size` is of all but presence."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._changed = threading.Condition()
        self._presence: dict[str, paho.MQTTMessage] = {}
        self._others: deque[paho.MQTTMessage] = deque()

    def __len__(self) -> int:
        return len(self._presence) + len(self._others)

    def put(self, message: paho.MQTTMessage) -> bool:
        """False if there was no place for it."""
        with self._changed:
            if _is_presence(message):
                self._presence[message.topic] = message
            elif len(self._others) < self._size:
                self._others.append(message)
            else:
                return False
            self._changed.notify()
            return True

    def get(self, timeout_s: float) -> paho.MQTTMessage | None:
        """The next message, presence first; None if none comes in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._presence or self._others, timeout_s):
                return None
            if self._presence:
                return self._presence.pop(next(iter(self._presence)))
            return self._others.popleft()

    def not_stored(self, message: paho.MQTTMessage) -> None:
        """Keep it if it would be missed, and no newer one has come meanwhile."""
        with self._changed:
            if _is_presence(message):
                self._presence.setdefault(message.topic, message)


def _is_presence(message: paho.MQTTMessage) -> bool:
    return message.topic.endswith(f"/{Stream.STATUS}")
