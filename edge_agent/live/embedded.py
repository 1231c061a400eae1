"""The embedded engine: live video of the box itself, where no MediaMTX runs.

HLS of the main stream is the tail of the recording: what a guard sees is proof
that it is being recorded. HLS of the second stream is made in memory (live.tail)
while somebody watches it.
"""

import asyncio
import re
from http import HTTPStatus
from typing import Literal

from edge_agent.live.adaptive import MEDIA_PLAYLIST
from edge_agent.live.broadcasts import Broadcasts
from edge_agent.live.engine import HlsAnswer, Variant
from edge_agent.live.recorded import RecordedTail
from edge_agent.live.tail import StreamTail
from edge_agent.playback import hls, services
from edge_agent.recording.index import RecordingIndex
from passthrough.broadcast import Broadcast
from passthrough.errors import LiveUnavailable
from passthrough.whep import PeerSession, WhepAnswer, viewer_of
from protocol.uplink import InvalidRange, Quality, parse_range

#: A cautious bound, not measured: each is encrypted in this process.
MAX_VIEWERS = 32
#: Second streams made into HLS at once: each costs one group of pictures after the other, in memory.
MAX_TAILS = 64
#: Sample entries (ISO/IEC 14496-15) of the recorder's files.
_CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "h265", b"hev1": "h265"}
FULL = "Há pessoas demais assistindo ao vivo nesta caixa agora. Feche uma câmera e tente de novo."
_SEGMENT = re.compile(r"(segments|pictures)/(\d{1,18})\.mp4")


class EmbeddedEngine:
    """Live video from the recorder's own packets and files."""

    name: Literal["embedded"] = "embedded"

    def __init__(self, index: RecordingIndex, broadcasts: Broadcasts) -> None:
        self._index = index
        self._broadcasts = broadcasts
        self._peers: dict[str, PeerSession] = {}
        self._tails: dict[str, StreamTail] = {}  # of second streams that are watched by HLS
        self._idling: set[asyncio.Task[None]] = set()

    def codec(self, camera: str, quality: Quality) -> str:
        """As recorded: read from the newest file's initialisation section."""
        tail = self._index.live_tail(camera) if quality == "main" else []
        if not tail:
            return ""
        newest = tail[-1].segment
        try:
            head = services.read_media(self._index, camera, newest.start_us, 0, newest.init_bytes)
        except services.PlaybackError:
            return ""
        return next((name for entry, name in _CODECS.items() if entry in head), "")

    async def offer(self, camera: str, quality: Quality, sdp: str) -> WhepAnswer:
        if len(self._peers) >= MAX_VIEWERS:
            raise LiveUnavailable(FULL, HTTPStatus.SERVICE_UNAVAILABLE)
        waiting = object()
        broadcast = self._broadcasts.join(camera, quality, waiting)
        try:
            await broadcast.require_h264()
            return await self._answer(camera, quality, broadcast, sdp)
        finally:
            self._broadcasts.leave(camera, quality, waiting)

    async def _answer(self, camera: str, quality: Quality, broadcast: Broadcast, sdp: str) -> WhepAnswer:
        def ended() -> None:
            self._peers.pop(peer.id, None)
            self._broadcasts.leave(camera, quality, peer)

        peer = viewer_of(broadcast, sdp, ended)
        self._peers[peer.id] = peer
        self._broadcasts.join(camera, quality, peer)
        return await peer.answer(sdp)

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        peer = self._peers.get(resource_id)
        if peer is not None:
            await peer.close()

    def sessions(self) -> int:
        return len(self._peers)

    async def close(self) -> None:
        """End every viewer."""
        for peer in list(self._peers.values()):
            await peer.close()
        for idling in list(self._idling):
            idling.cancel()

    async def variant(self, camera: str, quality: Quality) -> Variant:
        return await self._hls(camera, quality).variant()

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        source = self._hls(camera, quality)
        if camera in self._tails:
            self._tails[camera].touch()  # a player that adapts may change to it at any moment
        if file in ("index.m3u8", MEDIA_PLAYLIST):
            text = await source.playlist(silent=file == MEDIA_PLAYLIST)
            return HlsAnswer(text.encode(), hls.CONTENT_TYPE)
        found = _SEGMENT.fullmatch(file)
        if found is None:
            raise LiveUnavailable("Arquivo não encontrado.")
        try:
            offset, length = parse_range(byte_range)
        except InvalidRange:
            raise LiveUnavailable(
                "Peça um trecho fechado do arquivo (Range).", HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            ) from None
        data = await source.read(found[1], int(found[2]), offset, length)
        return HlsAnswer(data, hls.MEDIA_TYPE, f"bytes {offset}-{offset + length - 1}/*")

    def _hls(self, camera: str, quality: Quality) -> RecordedTail | StreamTail:
        """Raises LiveUnavailable."""
        return RecordedTail(self._index, camera) if quality == "main" else self._tail(camera)

    def _tail(self, camera: str) -> StreamTail:
        """The second stream's, from now until nobody asks any more. Raises LiveUnavailable."""
        if camera in self._tails:
            return self._tails[camera]
        if len(self._tails) >= MAX_TAILS:
            raise LiveUnavailable(FULL, HTTPStatus.SERVICE_UNAVAILABLE)
        tail = StreamTail(camera)
        broadcast = self._broadcasts.join(camera, "sub", tail)
        self._tails[camera] = tail
        for packet in broadcast.gop:
            tail.take(packet)
        broadcast.takers.add(tail.take)
        idling = asyncio.create_task(self._drop_when_idle(camera, tail, broadcast), name=f"tail-{camera}")
        self._idling.add(idling)
        idling.add_done_callback(self._idling.discard)
        return tail

    async def _drop_when_idle(self, camera: str, tail: StreamTail, broadcast: Broadcast) -> None:
        try:
            await tail.until_idle()
        finally:
            del self._tails[camera]
            broadcast.takers.discard(tail.take)
            self._broadcasts.leave(camera, "sub", tail)
