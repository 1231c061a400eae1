"""The uplinks that boxes have open, and the requests under way on them.

RelayError
├── BoxSilent       no uplink, or no answer, within the time a viewer waits (504)
├── UplinkClosed    the box hung up in the middle                         (503)
└── UplinkTaken     the session has an uplink already
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from protocol import uplink
from protocol.uplink import Chunk, FromBox, FromRelay, Head

#: How long a viewer waits for the box to dial in: an MQTT round trip and a TLS handshake over a bad line.
OPEN_TIMEOUT_S = 10.0
#: How long a viewer waits for the next piece of an answer.
ANSWER_TIMEOUT_S = 15.0


class RelayError(Exception):
    """A viewer's request that the box did not answer."""


class BoxSilent(RelayError):
    """The box did not dial in, or does not answer."""


class UplinkClosed(RelayError):
    """The box hung up."""


class UplinkTaken(RelayError):
    """A session has one uplink."""


class FrameSocket(Protocol):
    """The WebSocket of a box, as far as an uplink needs it."""

    async def send_bytes(self, data: bytes) -> None: ...

    async def close(self) -> None: ...


class Uplink:
    """One box's connection for one session; requests on it run at once."""

    def __init__(self, socket: FrameSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        # None in a queue: the uplink is closed.
        self._answers: dict[int, asyncio.Queue[FromBox | None]] = {}
        self._closed = False

    def received(self, frame: FromBox) -> None:
        """Hand a frame to who waits for it; nobody may, when a viewer has gone away."""
        answer = self._answers.get(frame.request)
        if answer is not None:
            answer.put_nowait(frame)

    def closed(self) -> None:
        self._closed = True
        for answer in self._answers.values():
            answer.put_nowait(None)

    async def hang_up(self) -> None:
        await self._socket.close()

    @asynccontextmanager
    async def ask(self, make: Callable[[int], FromRelay]) -> AsyncIterator[tuple[Head, AsyncIterator[bytes]]]:
        """Send the request that `make` builds for a number; gives the answer's head and body.

        Raises BoxSilent, UplinkClosed, here or while the body is read.
        """
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.Queue()
        try:
            if self._closed:
                raise UplinkClosed
            await self._socket.send_bytes(uplink.encode(make(number)))
            head = await _next(answer)
            if not isinstance(head, Head):
                raise UplinkClosed
            yield head, _body(answer)
        finally:
            del self._answers[number]


async def _next(answer: asyncio.Queue[FromBox | None]) -> FromBox:
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            frame = await answer.get()
    except TimeoutError:
        raise BoxSilent from None
    if frame is None:
        raise UplinkClosed
    return frame


async def _body(answer: asyncio.Queue[FromBox | None]) -> AsyncIterator[bytes]:
    while True:
        chunk = await _next(answer)
        if not isinstance(chunk, Chunk):
            raise UplinkClosed
        yield chunk.data
        if chunk.last:
            return


class Uplinks:
    """The open uplinks by session; viewers may come before the box does."""

    def __init__(self) -> None:
        self._open: dict[str, Uplink] = {}
        self._changed = asyncio.Condition()

    async def attach(self, session: str, opened: Uplink) -> None:
        """Raises UplinkTaken."""
        async with self._changed:
            if session in self._open:
                raise UplinkTaken
            self._open[session] = opened
            self._changed.notify_all()

    def detach(self, session: str) -> None:
        self._open.pop(session).closed()

    async def find(self, session: str) -> Uplink:
        """The session's uplink, waited for. Raises BoxSilent."""
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S), self._changed:
                await self._changed.wait_for(lambda: session in self._open)
                return self._open[session]
        except TimeoutError:
            raise BoxSilent from None

    async def hang_up(self, session: str) -> None:
        """End a session's uplink, if it has one here."""
        opened = self._open.get(session)
        if opened is not None:
            await opened.hang_up()

    def __len__(self) -> int:
        return len(self._open)
