"""Fan-out of one camera's encoded pictures to its RTSP clients, each behind a bounded queue."""

import asyncio
from collections.abc import Callable

from demo.encoder import AccessUnit


class Feed:
    """Used from the event loop only; the encoder's thread hands pictures over with `call_soon_threadsafe`."""

    def __init__(self, parameter_sets: bytes, queue_length: int) -> None:
        self.parameter_sets = parameter_sets
        self._queue_length = queue_length
        self._clients: dict[asyncio.Queue[AccessUnit], Callable[[], None]] = {}

    def subscribe(self, drop: Callable[[], None]) -> asyncio.Queue[AccessUnit]:
        """A queue of the pictures from now on; `drop` is called, once, when the client can't keep up."""
        queue: asyncio.Queue[AccessUnit] = asyncio.Queue(self._queue_length)
        self._clients[queue] = drop
        return queue

    def unsubscribe(self, queue: asyncio.Queue[AccessUnit]) -> None:
        self._clients.pop(queue, None)

    def publish(self, unit: AccessUnit) -> None:
        for queue, drop in list(self._clients.items()):
            try:
                queue.put_nowait(unit)
            except asyncio.QueueFull:
                self.unsubscribe(queue)
                drop()
