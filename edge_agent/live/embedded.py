"""The embedded engine: live video of the box itself, where no MediaMTX runs.

HLS of the main stream is the tail of the recording: what a guard sees is proof
that it is being recorded.
"""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from edge_agent.live.broadcast import Broadcast, Closable, PacketTrack
from edge_agent.live.engine import CodecNotOffered, HlsAnswer, LiveUnavailable, Quality, WhepAnswer
from edge_agent.live.puller import StreamPuller
from edge_agent.live.whep import PeerSession, sendable_audio
from edge_agent.playback import hls, services
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.supervisor import OnPacket, Supervisor
from protocol.uplink import InvalidRange, parse_range

#: A cautious bound, not measured: each is encrypted in this process.
MAX_VIEWERS = 32
#: Longer than the group of pictures of a camera that is set up sensibly, with its start.
KEYFRAME_WITHIN_S = 8.0
#: Sample entries (ISO/IEC 14496-15) of the recorder's files.
_CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "h265", b"hev1": "h265"}
_SEGMENT = re.compile(r"segments/(\d{1,18})\.mp4")


class EmbeddedEngine:
    """Live video from the recorder's own packets and files."""

    name: Literal["embedded"] = "embedded"

    def __init__(self, index: RecordingIndex, supervisor: Supervisor, sub_url: Callable[[str], str]) -> None:
        self._index = index
        self._supervisor = supervisor
        self._sub_url = sub_url
        self._broadcasts: dict[tuple[str, Quality], Broadcast] = {}
        self._audiences: dict[tuple[str, Quality], set[object]] = {}
        self._peers: dict[str, PeerSession] = {}

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
            raise LiveUnavailable(
                "Há pessoas demais assistindo ao vivo nesta caixa agora. Feche uma câmera e tente de novo.",
                HTTPStatus.SERVICE_UNAVAILABLE,
            )
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
        return lambda on_packet: StreamPuller(camera, url, on_packet)

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

    def hls_quality(self, quality: Quality) -> Quality:
        """Only main is on disk; a viewer by HLS gets that, whatever he wanted."""
        return "main"

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        if quality != "main":
            raise LiveUnavailable("Nesta caixa o segundo fluxo vai só por WebRTC; use o principal.")
        try:
            return await asyncio.to_thread(self._main_file, camera, file, byte_range)
        except services.BadRange as error:
            raise LiveUnavailable(str(error), HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE) from None
        except services.PlaybackError as error:
            raise LiveUnavailable(str(error)) from None

    def _main_file(self, camera: str, file: str, byte_range: str) -> HlsAnswer:
        if file == "index.m3u8":
            return HlsAnswer(services.live_playlist(self._index, camera).encode(), hls.CONTENT_TYPE)
        found = _SEGMENT.fullmatch(file)
        if found is None:
            raise services.NoFootage("Arquivo não encontrado.")
        try:
            offset, length = parse_range(byte_range)
        except InvalidRange:
            raise services.BadRange("Peça um trecho fechado do arquivo (Range).") from None
        data = services.read_for_player(self._index, camera, int(found[1]), offset, length)
        return HlsAnswer(data, hls.MEDIA_TYPE, f"bytes {offset}-{offset + length - 1}/*")


async def _require_h264(broadcast: Broadcast) -> None:
    """Raises LiveUnavailable, CodecNotOffered."""
    try:
        await broadcast.known(KEYFRAME_WITHIN_S)
    except TimeoutError:
        raise LiveUnavailable("Esta câmera não está enviando imagens agora.") from None
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
