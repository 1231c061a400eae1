"""What happens on the box, told to the consoles that are open: a camera's state, a plate, an alarm.

`publish` may be called from any thread and never waits. A console that does not
keep up is disconnected: it asks for the whole picture when it comes back, which
is better than news that are minutes old. Nothing is kept for who is not there.

    TooManyListeners    as many consoles listen as the box serves
"""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import msgspec

Kind = Literal["camera", "plate", "watchlist", "clip", "alarm"]

#: A city has some ten guards; each has a few tabs open.
MAX_LISTENERS = 100
#: News that may wait for one console: a minute of a busy street's plates.
QUEUE_EVENTS = 200


class TooManyListeners(Exception):
    """As many consoles listen as the box serves."""


class FellBehind(Exception):
    """This console did not take its events in time."""


class Listener:
    """One open console; made by EventHub.listen."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_EVENTS)
        self._behind = False

    async def next(self) -> str:
        """The next event as JSON. Raises FellBehind."""
        if self._behind:
            raise FellBehind
        return await self._queue.get()

    def offer(self, text: str) -> None:
        """From any thread."""
        try:
            self._loop.call_soon_threadsafe(self._put, text)
        except RuntimeError:
            return  # its event loop is closed: the box is ending

    def _put(self, text: str) -> None:
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self._behind = True


class EventHub:
    """Passes each event to every open console."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()

    def publish(self, kind: Kind, payload: Mapping[str, object]) -> None:
        """Tell every console `{"type": kind, **payload}`; times are datetimes, with offset."""
        with self._lock:
            listeners = list(self._listeners)
        if not listeners:
            return
        text = msgspec.json.encode({"type": kind, **payload}).decode()
        for listener in listeners:
            listener.offer(text)

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """On the event loop that will take the events. Raises TooManyListeners."""
        listener = Listener()
        with self._lock:
            if len(self._listeners) >= MAX_LISTENERS:
                raise TooManyListeners
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    @property
    def listening(self) -> int:
        """How many consoles are open."""
        return len(self._listeners)
