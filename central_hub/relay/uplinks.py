"""The uplinks that boxes have open, and the requests under way on them.

RelayError
├── BoxSilent       no uplink, or no answer, within the time a viewer waits (504)
├── UplinkClosed    the box hung up in the middle                         (503)
└── UplinkTaken     the session has an uplink already
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from central_hub.relay.first_picture import MediaRange
from passthrough.errors import CodecNotOffered, LiveUnavailable
from passthrough.packets import LivePacket
from protocol import uplink
from protocol.uplink import (
    MAX_PACKET_BYTES,
    Chunk,
    FromBox,
    FromRelay,
    Head,
    Packet,
    Quality,
    Stop,
    Watch,
)

#: How long a viewer waits for the box to dial in: an MQTT round trip and a TLS handshake over a bad line.
OPEN_TIMEOUT_S = 10.0
#: How long a viewer waits for the next piece of an answer.
ANSWER_TIMEOUT_S = 15.0


Answer = tuple[Head, AsyncIterator[bytes]]


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


@dataclass(frozen=True)
class _Asked:
    """A request under way. None in the answer: the uplink is closed."""

    number: int
    answer: asyncio.Queue[FromBox | None]


class Uplink:
    """One connection of a box; requests on it run at once."""

    def __init__(self, socket: FrameSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._under_way: dict[int, _Asked] = {}
        self._ahead: dict[MediaRange, _Asked] = {}
        self._ahead_asked: tuple[MediaRange, ...] = ()
        self._closed = False

    def received(self, frame: FromBox) -> None:
        """Hand a frame to who waits for it; nobody may, when a viewer has gone away."""
        asked = self._under_way.get(frame.request)
        if asked is not None:
            asked.answer.put_nowait(frame)

    def closed(self) -> None:
        self._closed = True
        for asked in self._under_way.values():
            asked.answer.put_nowait(None)

    async def hang_up(self) -> None:
        with suppress(RuntimeError):  # Starlette's answer where the box was faster
            await self._socket.close()

    @asynccontextmanager
    async def ask(self, make: Callable[[int], FromRelay]) -> AsyncIterator[Answer]:
        """Send the request that `make` builds for a number; gives the answer's head and body.

        Raises BoxSilent, UplinkClosed, here or while the body is read.
        """
        async with self._answer_to(await self._send(make)) as answer:
            yield answer

    @asynccontextmanager
    async def watch(self, quality: Quality) -> AsyncIterator[AsyncIterator[LivePacket]]:
        """The packets of a live camera, until the block is left.

        Raises LiveUnavailable or CodecNotOffered where the box refuses; BoxSilent, UplinkClosed, here or
        while packets are taken.
        """
        asked = await self._send(lambda number: Watch(number, quality))
        try:
            async with self._answer_to(asked) as (head, _):
                _require_accepted(head)
                yield _packets(asked.answer)
        finally:
            with suppress(Exception):  # a socket that breaks is noticed by who reads from it
                await self._socket.send_bytes(uplink.encode(Stop(asked.number)))

    @asynccontextmanager
    async def ask_media(self, media: MediaRange) -> AsyncIterator[Answer]:
        """As `ask`, for bytes that may have been asked for ahead."""
        asked = self._ahead.pop(media, None) or await self._send(media.request)
        async with self._answer_to(asked) as answer:
            yield answer

    async def read_ahead(self, ranges: tuple[MediaRange, ...]) -> None:
        """Ask now for what the viewer will ask next, in place of what was asked ahead before.

        The same is not asked twice in a row: a playlist that still grows is polled. The answers wait here, so
        callers ask for little. Raises UplinkClosed.
        """
        if ranges == self._ahead_asked:
            return
        self._ahead_asked = ranges
        for forgotten in self._ahead.values():
            del self._under_way[forgotten.number]
        self._ahead.clear()
        for media in ranges:
            self._ahead[media] = await self._send(media.request)

    async def _send(self, make: Callable[[int], FromRelay]) -> _Asked:
        if self._closed:
            raise UplinkClosed
        asked = _Asked(next(self._numbers), asyncio.Queue())
        self._under_way[asked.number] = asked
        try:
            await self._socket.send_bytes(uplink.encode(make(asked.number)))
        except BaseException:
            del self._under_way[asked.number]
            raise
        return asked

    @asynccontextmanager
    async def _answer_to(self, asked: _Asked) -> AsyncIterator[Answer]:
        try:
            head = await _next(asked.answer)
            if not isinstance(head, Head):
                raise UplinkClosed
            yield head, _body(asked.answer)
        finally:
            del self._under_way[asked.number]


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


def _require_accepted(head: Head) -> None:
    """Raises LiveError."""
    if HTTPStatus(head.status) is HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        raise CodecNotOffered(head.detail)
    if head.status >= HTTPStatus.BAD_REQUEST:
        raise LiveUnavailable(head.detail, HTTPStatus(head.status))


async def _packets(answer: asyncio.Queue[FromBox | None]) -> AsyncIterator[LivePacket]:
    data = bytearray()
    while True:
        part = await _next(answer)
        if not isinstance(part, Packet) or len(data) > MAX_PACKET_BYTES:
            raise UplinkClosed
        data += part.data
        if part.last:
            yield LivePacket("", bytes(data), part.pts_us, part.keyframe, part.codec, part.audio)
            data.clear()


class Uplinks:
    """The open uplinks by name; viewers may come before the box does."""

    def __init__(self) -> None:
        self._open: dict[str, Uplink] = {}
        self._changed = asyncio.Condition()

    async def attach(self, name: str, opened: Uplink, replace: bool = False) -> None:
        """`replace`: a box that dials again takes the place of its uplink that leads nowhere.

        Raises UplinkTaken.
        """
        async with self._changed:
            old = self._open.get(name)
            if old is not None and not replace:
                raise UplinkTaken
            self._open[name] = opened
            self._changed.notify_all()
        if old is not None:
            old.closed()
            await old.hang_up()

    def detach(self, name: str, opened: Uplink) -> None:
        opened.closed()
        if self._open.get(name) is opened:
            del self._open[name]

    async def find(self, name: str) -> Uplink:
        """The uplink of this name, waited for. Raises BoxSilent."""
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S), self._changed:
                await self._changed.wait_for(lambda: name in self._open)
                return self._open[name]
        except TimeoutError:
            raise BoxSilent from None

    async def hang_up(self, name: str) -> None:
        """End this uplink, if it is here."""
        opened = self._open.get(name)
        if opened is not None:
            await opened.hang_up()

    def __len__(self) -> int:
        return len(self._open)
