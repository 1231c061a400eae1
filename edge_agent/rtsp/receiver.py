"""Takes turns reading the sockets of many cameras in one event loop.

A camera's socket fills without us: the kernel acknowledges and buffers. So most cameras are read by
the clock, ten times a second, everything that has come in one system call. To wake up for each of
their packets would cost several times the CPU. Who needs packets at once (a viewer, or a session's
first second) is read by events.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

#: A camera of 8 Mbit/s sends 100 kB meanwhile, which its socket holds (rtsp.sockets).
TURN_S = 0.1
#: Read at most per camera and turn, so that none keeps the others waiting.
BUFFER_BYTES = 512 << 10
#: Who gave more than this has more to say, a keyframe or a backlog, and its socket may be full: it is
#: read again soon. On a system with the usual limits a socket holds some 200 kB.
BUSY_BYTES = 96 << 10
BUSY_TURN_S = 0.01


class Source(Protocol):
    """A socket that is read in turns. Neither method raises."""

    def fileno(self) -> int: ...

    def drain(self, buffer: memoryview) -> bool:
        """Take what has come, without waiting, and say whether there was much of it.

        `buffer` is shared with all others.
        """
        ...


class Receiver:
    """Reads its sources until `run` is cancelled. One for each event loop, used only from there."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        self._patient: dict[Source, None] = {}
        self._eager: set[Source] = set()

    async def run(self) -> None:
        while True:
            turn_mono = time.monotonic() + TURN_S
            busy = self._drain(tuple(self._patient))
            while busy and time.monotonic() + BUSY_TURN_S < turn_mono:
                await asyncio.sleep(BUSY_TURN_S)
                busy = self._drain(busy)
            await asyncio.sleep(max(turn_mono - time.monotonic(), BUSY_TURN_S))

    def _drain(self, sources: Sequence[Source]) -> list[Source]:
        """Those that had much; the others' turn is over."""
        # Who was closed by one before it is not read.
        return [source for source in sources if source in self._patient and source.drain(self._buffer)]

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
