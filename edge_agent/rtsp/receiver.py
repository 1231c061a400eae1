"""Takes turns reading the sockets of many cameras in one event loop.

A camera's socket fills without us: the kernel acknowledges and buffers. So most cameras are read by
the clock, ten times a second, everything that has come in one system call. To wake up for each of
their packets would cost several times the CPU. Who needs packets at once (a viewer, or a session's
first second) is read by events.
"""

import asyncio
from typing import Protocol

#: A camera of 16 Mbit/s sends 200 kB meanwhile, which its socket holds (rtsp.sockets).
TURN_S = 0.1
#: Read at most per camera and turn: 42 Mbit/s, so that none keeps the others waiting.
BUFFER_BYTES = 512 << 10


class Source(Protocol):
    """A socket that is read in turns. Neither method raises."""

    def fileno(self) -> int: ...

    def drain(self, buffer: memoryview) -> None:
        """Take what has come, without waiting; `buffer` is shared with all others."""
        ...


class Receiver:
    """Reads its sources until `run` is cancelled. One for each event loop, used only from there."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        self._patient: dict[Source, None] = {}
        self._eager: set[Source] = set()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TURN_S)
            for source in tuple(self._patient):
                if source in self._patient:  # not closed by one before it
                    source.drain(self._buffer)

    def add(self, source: Source, eager: bool) -> None:
        """Read a source from now on; also changes how one is read."""
        if eager:
            self._patient.pop(source, None)
            if source not in self._eager:
                self._eager.add(source)
                asyncio.get_running_loop().add_reader(source.fileno(), source.drain, self._buffer)
        else:
            self._stop_events(source)
            self._patient[source] = None

    def remove(self, source: Source) -> None:
        """Idempotent; before the socket is closed."""
        self._patient.pop(source, None)
        self._stop_events(source)

    def _stop_events(self, source: Source) -> None:
        if source in self._eager:
            self._eager.discard(source)
            asyncio.get_running_loop().remove_reader(source.fileno())
