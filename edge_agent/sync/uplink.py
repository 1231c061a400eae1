"""The uplink: dials the relay on command and serves one camera's footage of one period to it."""

import asyncio
from contextlib import suppress

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from edge_agent.clock import now_us, to_us
from edge_agent.playback import hls, services
from edge_agent.playback.services import BadRange, NoFootage, Period
from edge_agent.recording.index import RecordingIndex
from protocol import uplink
from protocol.messages import OpenUplink
from protocol.uplink import Chunk, FromRelay, GetMedia, GetPlaylist, Head

log = structlog.get_logger()

OPEN_TIMEOUT_S = 10.0
#: Answers being read from disk at once, per uplink.
CONCURRENT_REQUESTS = 4


class UplinkRefused(Exception):
    """The relay could not be reached or did not accept the uplink."""


class Uplink:
    """One session's connection to the relay."""

    def __init__(self, index: RecordingIndex, order: OpenUplink) -> None:
        self._index = index
        self._order = order
        self._period = Period(order.camera, to_us(order.start), to_us(order.end))
        self._slots = asyncio.Semaphore(CONCURRENT_REQUESTS)

    async def open(self) -> ClientConnection:
        """Dial the relay. Raises UplinkRefused."""
        try:
            return await connect(
                self._order.url,
                additional_headers={"Authorization": f"Bearer {self._order.token}"},
                max_size=uplink.MAX_FRAME_BYTES,
                open_timeout=OPEN_TIMEOUT_S,
                compression=None,  # video does not compress
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise UplinkRefused(f"relay at {self._order.url}: {error}") from None

    async def serve(self, connection: ClientConnection) -> None:
        """Answer the relay until it hangs up or the session expires."""
        lifetime_s = (to_us(self._order.expires_at) - now_us()) / 1_000_000
        log.info("uplink_opened", session=self._order.session, camera=self._order.camera)
        try:
            async with asyncio.timeout(max(0.0, lifetime_s)), asyncio.TaskGroup() as group:
                await self._receive(connection, group)
        except TimeoutError:
            log.info("uplink_expired", session=self._order.session)
        finally:
            await connection.close()
            log.info("uplink_closed", session=self._order.session)

    async def _receive(self, connection: ClientConnection, group: asyncio.TaskGroup) -> None:
        """Start an answer to each request, until the relay hangs up or sends what is none."""
        try:
            async for message in connection:
                frame = uplink.decode_from_relay(message if isinstance(message, bytes) else b"")
                group.create_task(self._answer(connection, frame))
        except ConnectionClosed:
            pass  # by a relay that died; one that hangs up in order ends the loop
        except uplink.InvalidFrame as error:
            log.error("uplink_frame_refused", session=self._order.session, error=str(error))

    async def _answer(self, connection: ClientConnection, frame: FromRelay) -> None:
        async with self._slots:
            head, body = await self._look_up(frame)
            with suppress(ConnectionClosed):  # the relay hung up: nobody waits for this answer
                await connection.send(uplink.encode(head))
                await self._send_body(connection, frame.request, body)

    async def _look_up(self, frame: FromRelay) -> tuple[Head, bytes]:
        try:
            return await self._find(frame)
        except NoFootage as error:
            return Head(frame.request, 404, detail=str(error)), b""
        except BadRange as error:
            return Head(frame.request, 416, detail=str(error)), b""
        except OSError as error:
            log.error("footage_unreadable", session=self._order.session, error=str(error))
            return Head(frame.request, 503, detail="A caixa não conseguiu ler a gravação do disco."), b""

    async def _find(self, frame: FromRelay) -> tuple[Head, bytes]:
        match frame:
            case GetPlaylist():
                text = await services.playlist_when_recorded(self._index, self._period)
                return Head(frame.request, 200, hls.CONTENT_TYPE), text.encode()
            case GetMedia():
                data = await asyncio.to_thread(
                    services.read_media_within,
                    self._index,
                    self._period,
                    frame.segment,
                    frame.offset,
                    frame.length,
                )
                return Head(frame.request, 206, hls.MEDIA_TYPE), data

    async def _send_body(self, connection: ClientConnection, request: int, body: bytes) -> None:
        for offset in range(0, max(len(body), 1), uplink.CHUNK_BYTES):
            part = body[offset : offset + uplink.CHUNK_BYTES]
            last = offset + uplink.CHUNK_BYTES >= len(body)
            await connection.send(uplink.encode(Chunk(request, part, last)))
