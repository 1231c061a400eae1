"""The uplink: dials the relay on command, and answers what it asks until one of the two hangs up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from edge_agent.clock import now_us, to_us
from protocol import uplink
from protocol.uplink import Chunk, FromBox, FromRelay, Head, Stop

log = structlog.get_logger()

OPEN_TIMEOUT_S = 10.0

Send = Callable[[FromBox], Awaitable[None]]


class UplinkRefused(Exception):
    """The relay could not be reached or did not accept the uplink."""


class Answers(Protocol):
    """What the relay is given on one uplink."""

    async def answer(self, frame: FromRelay, send: Send) -> None:
        """Answer one request; cancelled when nobody waits for the answer any more."""
        ...


async def dial(url: str, token: str) -> ClientConnection:
    """Raises UplinkRefused."""
    try:
        return await connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            max_size=uplink.MAX_FRAME_BYTES,
            open_timeout=OPEN_TIMEOUT_S,
            compression=None,  # video does not compress
        )
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
        raise UplinkRefused(f"relay at {url}: {error}") from None


async def send_answer(send: Send, head: Head, body: bytes) -> None:
    """An answer that is there as a whole."""
    await send(head)
    for offset in range(0, max(len(body), 1), uplink.CHUNK_BYTES):
        part = body[offset : offset + uplink.CHUNK_BYTES]
        await send(Chunk(head.request, part, last=offset + uplink.CHUNK_BYTES >= len(body)))


class Uplink:
    """One connection to the relay. `name` tells it from others in the log."""

    def __init__(self, connection: ClientConnection, name: str, answers: Answers) -> None:
        self._connection = connection
        self._name = name
        self._answers = answers
        self._running: dict[int, asyncio.Task[None]] = {}

    async def serve(self, until: datetime) -> None:
        """Answer the relay until it hangs up or the time is over."""
        left_s = (to_us(until) - now_us()) / 1_000_000
        log.info("uplink_opened", uplink=self._name)
        try:
            async with asyncio.timeout(max(0.0, left_s)), asyncio.TaskGroup() as group:
                await self._receive(group)
                for answering in self._running.values():
                    answering.cancel()
        except TimeoutError:
            log.info("uplink_expired", uplink=self._name)
        finally:
            await self._connection.close()
            log.info("uplink_closed", uplink=self._name)

    async def _receive(self, group: asyncio.TaskGroup) -> None:
        """Start an answer to each request, until the relay hangs up or sends what is none."""
        try:
            async for message in self._connection:
                self._begin(group, uplink.decode_from_relay(message if isinstance(message, bytes) else b""))
        except ConnectionClosed:
            pass  # by a relay that died; one that hangs up in order ends the loop
        except uplink.InvalidFrame as error:
            log.error("uplink_frame_refused", uplink=self._name, error=str(error))

    def _begin(self, group: asyncio.TaskGroup, frame: FromRelay) -> None:
        number = frame.request
        if isinstance(frame, Stop):
            if number in self._running:
                self._running[number].cancel()
            return
        answering = group.create_task(self._answer(frame))
        self._running[number] = answering
        answering.add_done_callback(lambda _: self._running.pop(number, None))

    async def _answer(self, frame: FromRelay) -> None:
        with suppress(ConnectionClosed):  # the relay hung up: nobody waits for this answer
            await self._answers.answer(frame, self._send)

    async def _send(self, frame: FromBox) -> None:
        await self._connection.send(uplink.encode(frame))
