"""The embedded engine: live video of the box itself, where no MediaMTX runs.

HLS of the main stream is the tail of the recording: what a guard sees is proof
that it is being recorded.
"""

import asyncio
import re
from http import HTTPStatus
from typing import Literal

from edge_agent.live.engine import CodecNotOffered, HlsAnswer, LiveUnavailable, Quality, WhepAnswer
from edge_agent.playback import hls, services
from edge_agent.recording.index import RecordingIndex
from protocol.uplink import InvalidRange, parse_range

#: Sample entries (ISO/IEC 14496-15) of the recorder's files.
_CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "h265", b"hev1": "h265"}
_SEGMENT = re.compile(r"segments/(\d{1,18})\.mp4")


class EmbeddedEngine:
    """Live video from the recorder's own packets and files."""

    name: Literal["embedded"] = "embedded"

    def __init__(self, index: RecordingIndex) -> None:
        self._index = index

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
        raise CodecNotOffered("Esta caixa ainda não transmite por WebRTC; o vídeo segue por HLS.")

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        """There is nobody to hang up on yet."""

    def sessions(self) -> int:
        return 0

    async def hls(
        self, camera: str, quality: Quality, file: str, query: str, byte_range: str = ""
    ) -> HlsAnswer:
        if quality != "main":
            raise LiveUnavailable("Esta câmera não tem segundo fluxo.")
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
        data = services.read_media(self._index, camera, int(found[1]), offset, length)
        return HlsAnswer(data, hls.MEDIA_TYPE, f"bytes {offset}-{offset + length - 1}/*")
