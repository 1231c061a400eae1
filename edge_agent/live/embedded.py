"""The embedded engine: live video of the box itself, where no MediaMTX runs.

HLS of the main stream is the tail of the recording: what a guard sees is proof
that it is being recorded. HLS of the second stream is made in memory (live.tail)
while somebody watches it.
"""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from edge_agent.live.adaptive import MEDIA_PLAYLIST
from edge_agent.live.broadcast import Broadcast, Closable, PacketTrack
from edge_agent.live.engine import CodecNotOffered, HlsAnswer, LiveUnavailable, Quality, Variant, WhepAnswer
from edge_agent.live.puller import StreamPuller
from edge_agent.live.recorded import RecordedTail
from edge_agent.live.tail import KEYFRAME_WITHIN_S, NO_PICTURES, StreamTail
from edge_agent.live.whep import PeerSession, sendable_audio
from edge_agent.playback import hls, services
from edge_agent.recording.events import LivePacket
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.logins import RefusedLogins
from edge_agent.recording.supervisor import OnPacket, Supervisor
from protocol.uplink import InvalidRange, parse_range

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

    def __init__(self, index: RecordingIndex, supervisor: Supervisor, sub_url: Callable[[str], str]) -> None:
        self._index = index
        self._supervisor = supervisor
        self._sub_url = sub_url
        self._logins = RefusedLogins()
        self._broadcasts: dict[tuple[str, Quality], Broadcast] = {}
        self._audiences: dict[tuple[str, Quality], set[object]] = {}
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
        broadcast = self._broadcast(camera, quality)
        waiting = object()
        self._audiences[camera, quality].add(waiting)
        try:
            await _require_h264(broadcast)
            return await self._answer(camera, quality, broadcast, sdp)
        finally:
            self._leave(camera, quality, waiting)

    async def _answer(self, camera: str, quality: Quality, broadcast: Broadcast, sdp: str) -> WhepAnswer:
        audio = sendable_audio(broadcast.audio_codec) and "m=audio" in sdp
        tracks = [
            PacketTrack(broadcast, audio=False),
            *([PacketTrack(broadcast, audio=True)] if audio else []),
        ]

        def ended() -> None:
            self._peers.pop(peer.id, None)
            broadcast.tracks.difference_update(tracks)
            self._leave(camera, quality, peer)

        peer = PeerSession(tracks, broadcast.audio_codec, ended)
        self._peers[peer.id] = peer
        self._audiences[camera, quality].add(peer)
        broadcast.tracks.update(tracks)
        return await peer.answer(sdp)

    def _broadcast(self, camera: str, quality: Quality) -> Broadcast:
        key = camera, quality
        if key not in self._broadcasts:
            self._broadcasts[key] = Broadcast(self._source(camera, quality))
            self._audiences[key] = set()
        return self._broadcasts[key]

    def _source(self, camera: str, quality: Quality) -> Callable[[OnPacket], Closable]:
        """Raises LiveUnavailable."""
        if quality == "main":
            return lambda on_packet: self._supervisor.watch(camera, on_packet)
        url = self._sub_url(camera)
        if not url:
            raise LiveUnavailable("Esta câmera não tem segundo fluxo.")

        def watch(on_packet: OnPacket) -> Closable:
            def take(packet: LivePacket) -> None:
                on_packet(packet)
                if camera in self._tails:
                    self._tails[camera].take(packet)

            return StreamPuller(camera, url, take, self._logins)

        return watch

    def _leave(self, camera: str, quality: Quality, who: object) -> None:
        """With the last of its audience a broadcast ends."""
        key = camera, quality
        audience = self._audiences.get(key, set())
        audience.discard(who)
        if not audience and key in self._broadcasts:
            del self._audiences[key]
            self._broadcasts.pop(key).close()

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
        broadcast = self._broadcast(camera, "sub")
        tail = self._tails[camera] = StreamTail(camera)
        for packet in broadcast.gop:
            tail.take(packet)
        self._audiences[camera, "sub"].add(tail)
        idling = asyncio.create_task(self._drop_when_idle(camera, tail), name=f"tail-{camera}")
        self._idling.add(idling)
        idling.add_done_callback(self._idling.discard)
        return tail

    async def _drop_when_idle(self, camera: str, tail: StreamTail) -> None:
        try:
            await tail.until_idle()
        finally:
            del self._tails[camera]
            self._leave(camera, "sub", tail)


async def _require_h264(broadcast: Broadcast) -> None:
    """Raises LiveUnavailable, CodecNotOffered."""
    try:
        await broadcast.known(KEYFRAME_WITHIN_S)
    except TimeoutError:
        raise LiveUnavailable(NO_PICTURES) from None
    if broadcast.video_codec != "h264":
        raise CodecNotOffered(
            "Esta câmera envia H.265, que o navegador não recebe por WebRTC. O vídeo segue por HLS, "
            "se o navegador tiver H.265; senão, configure a câmera para H.264."
        )
    if broadcast.reordered:
        raise CodecNotOffered(
            "Esta câmera envia quadros B, que o WebRTC não leva. O vídeo segue por HLS; para o atraso menor, "
            "desligue os quadros B (B-frames) na câmera."
        )
