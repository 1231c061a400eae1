"""What the relay is given of a live camera: its packets as they come, and the files of its live HLS."""

import asyncio
from collections.abc import Iterator
from typing import cast, get_args

import structlog

from edge_agent.live.broadcasts import Broadcasts
from edge_agent.live.desk import LiveDesk
from edge_agent.live.engine import HlsAnswer
from edge_agent.playback.hls import CONTENT_TYPE
from edge_agent.sync.uplink import Send, send_answer
from passthrough.errors import LiveError, LiveUnavailable
from passthrough.packets import LivePacket, PacketQueue
from passthrough.whep import carries_sound
from protocol.uplink import (
    ADAPTIVE_PLAYLIST,
    CHUNK_BYTES,
    MAX_PACKET_BYTES,
    FromRelay,
    GetLive,
    Head,
    Packet,
    Quality,
    Status,
    Watch,
)

log = structlog.get_logger()

#: Files being looked up at once, per uplink; a playlist may wait seconds for the next picture.
CONCURRENT_REQUESTS = 8


class LiveVideo:
    """Answers of one uplink; `camera` is the one that the command named."""

    def __init__(self, desk: LiveDesk, broadcasts: Broadcasts, camera: str) -> None:
        self._desk = desk
        self._broadcasts = broadcasts
        self._camera = camera
        self._slots = asyncio.Semaphore(CONCURRENT_REQUESTS)

    async def answer(self, frame: FromRelay, send: Send) -> None:
        try:
            self._desk.require_camera(self._camera)
            match frame:
                case GetLive():
                    await self._give_file(frame, send)
                case Watch():
                    await self._give_packets(frame, send)
                case _:
                    raise LiveUnavailable("Este vídeo é ao vivo.")
        except LiveError as error:
            status = error.status.value if error.status.value in get_args(Status) else 503
            await send_answer(send, Head(frame.request, cast(Status, status), detail=str(error)), b"")

    async def _give_file(self, frame: GetLive, send: Send) -> None:
        async with self._slots:
            found = await self._find(frame)
            status: Status = 206 if found.content_range else 200
            await send_answer(send, Head(frame.request, status, found.content_type), found.body)

    async def _find(self, frame: GetLive) -> HlsAnswer:
        """Raises LiveUnavailable."""
        if frame.file == ADAPTIVE_PLAYLIST:
            return HlsAnswer((await self._desk.adaptive(self._camera)).encode(), CONTENT_TYPE)
        quality, _, file = frame.file.partition("/")
        if quality not in get_args(Quality):
            raise LiveUnavailable("Arquivo não encontrado.")
        return await self._desk.engine.hls(
            self._camera, cast(Quality, quality), file, frame.query, frame.byte_range
        )

    async def _give_packets(self, frame: Watch, send: Send) -> None:
        """Until cancelled. Raises LiveError."""
        waiting: PacketQueue[LivePacket] = PacketQueue()

        def take(packet: LivePacket) -> None:
            waiting.put(packet, packet.is_keyframe)

        broadcast = self._broadcasts.join(self._camera, frame.quality, waiting)
        try:
            await broadcast.require_h264()
            await send(Head(frame.request, 200))
            waiting.begin(broadcast.gop)
            broadcast.takers.add(take)
            while True:
                for part in _parts(frame.request, await waiting.next()):
                    await send(part)
        finally:
            broadcast.takers.discard(take)
            self._broadcasts.leave(self._camera, frame.quality, waiting)


def _parts(request: int, packet: LivePacket) -> Iterator[Packet]:
    """Frames that fit the uplink; none for sound that no viewer gets by WebRTC, or what is far too large."""
    size = len(packet.data)
    if packet.audio and not carries_sound(packet.codec):
        return
    if size > MAX_PACKET_BYTES:
        log.warning("live_packet_too_large", camera=packet.camera, size_bytes=size)
        return
    for offset in range(0, size, CHUNK_BYTES):
        yield Packet(
            request,
            packet.data[offset : offset + CHUNK_BYTES],
            packet.pts_us,
            packet.codec,
            packet.is_keyframe,
            packet.audio,
            last=offset + CHUNK_BYTES >= size,
        )
