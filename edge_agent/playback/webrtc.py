"""WebRTC sessions that play recordings: who watches which, with the data channel `control` (player.py)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus

import msgspec
from aiortc import MediaStreamTrack, RTCDataChannel
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet

from edge_agent.console.auth import Login
from edge_agent.playback.gops import Frame, gop_at, gop_before
from edge_agent.playback.player import Control, Player
from edge_agent.playback.services import NoFootage, PlaybackError
from edge_agent.recording.index import RecordingIndex
from passthrough.errors import CodecNotOffered, LiveUnavailable
from passthrough.whep import PeerSession, WhepAnswer

MAX_SESSIONS = 16
MAX_SESSION_S = 4 * 3600.0
MAX_CONTROL_BYTES = 1000
#: How long a viewer still sees after a logout, or a camera is still seen after its removal.
REVIEW_EVERY_S = 2.0
#: For the last words to arrive; a browser that has read them hangs up earlier.
GOODBYE_S = 1.0
_MICROSECONDS = Fraction(1, 1_000_000)


class FrameTrack(MediaStreamTrack):
    """Recorded frames on their way to one browser; the player's pace bounds what waits."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._frames: deque[tuple[bytes, int]] = deque()
        self._pushed = asyncio.Event()
        self._start_mono = time.monotonic()
        self._last_us = 0

    def push(self, frame: Frame) -> None:
        sent_us = int((time.monotonic() - self._start_mono) * 1_000_000)
        self._last_us = max(sent_us, self._last_us + 1000)  # a burst's frames keep their order
        self._frames.append((frame.data, self._last_us))
        self._pushed.set()

    async def recv(self) -> Packet:  # type: ignore[type-arg]
        while not self._frames:
            self._pushed.clear()
            await self._pushed.wait()
            if self.readyState != "live":
                raise MediaStreamError
        data, at_us = self._frames.popleft()
        packet = Packet(data)
        packet.pts = at_us
        packet.time_base = _MICROSECONDS
        return packet

    def stop(self) -> None:
        super().stop()
        self._pushed.set()


@dataclass(frozen=True, slots=True)
class _Session:
    login: Login
    camera: str
    peer: PeerSession
    task: asyncio.Task[None]


class PlaybackDesk:
    """The recordings that are being watched by WebRTC.

    A viewer is checked when he opens a recording; after that no request passes, so the desk
    itself ends the viewers whose login is over (`keep_reviewing`). A camera's footage outlives it.
    """

    def __init__(self, index: RecordingIndex, holds: Callable[[Login], bool]) -> None:
        self._index = index
        self._holds = holds
        self._sessions: dict[str, _Session] = {}

    def sessions(self) -> int:
        return len(self._sessions)

    async def offer(self, login: Login, camera: str, start_us: int, sdp: str) -> WhepAnswer:
        """Raises NoFootage, LiveError."""
        if len(self._sessions) >= MAX_SESSIONS:
            raise LiveUnavailable(
                "Há gravações demais abertas nesta caixa agora. Feche uma e tente de novo.",
                HTTPStatus.SERVICE_UNAVAILABLE,
            )
        await asyncio.to_thread(self._require_h264, camera, start_us)
        track = FrameTrack()
        channels: list[RTCDataChannel] = []
        player = Player(
            lambda at_us: gop_at(self._index, camera, at_us),
            lambda at_us: gop_before(self._index, camera, at_us),
            start_us,
            track.push,
            lambda message: _send(channels, message),
        )
        peer = PeerSession([track], "", lambda: self._ended(peer.id))
        peer.connection.on("datachannel", lambda channel: _listen(channel, channels, player))
        answer = await peer.answer(sdp)
        task = asyncio.create_task(_play(peer, player))
        self._sessions[peer.id] = _Session(login, camera, peer, task)
        return answer

    async def hang_up(self, resource_id: str) -> None:
        if resource_id in self._sessions:
            await self._sessions[resource_id].peer.close()

    async def keep_reviewing(self) -> None:
        """End viewers who may not watch any more, until cancelled."""
        while True:
            await asyncio.sleep(REVIEW_EVERY_S)
            await self.review()

    async def review(self) -> None:
        for session in list(self._sessions.values()):
            if not self._holds(session.login):
                await session.peer.close()

    def _ended(self, resource_id: str) -> None:
        session = self._sessions.pop(resource_id, None)
        if session is not None and session.task is not asyncio.current_task():
            session.task.cancel()

    def _require_h264(self, camera: str, start_us: int) -> None:
        gop = gop_at(self._index, camera, start_us)
        if gop is None:
            raise NoFootage("Não há gravação desta câmera neste horário.")
        if gop.codec != "h264":
            raise CodecNotOffered(
                "Esta gravação está em H.265, que o navegador não recebe por WebRTC. Ela segue por HLS, se o "
                "navegador tiver H.265; senão, baixe um recorte, ou configure a câmera para H.264."
            )


async def _play(peer: PeerSession, player: Player) -> None:
    """Play until the session is over; it ends in any case with this, never stays open without pictures."""
    try:
        async with asyncio.timeout(MAX_SESSION_S):
            await peer.connected.wait()
            await player.run()
    except TimeoutError:
        await _say_goodbye(player, "Esta gravação ficou aberta por muitas horas. Abra-a de novo.")
    except PlaybackError as error:
        await _say_goodbye(player, str(error))
    finally:
        await peer.close()


async def _say_goodbye(player: Player, text: str) -> None:
    player.tell({"do": "error", "text": text})
    await asyncio.sleep(GOODBYE_S)


def _listen(channel: RTCDataChannel, channels: list[RTCDataChannel], player: Player) -> None:
    if channel.label != "control" or channels:
        return
    channels.append(channel)

    @channel.on("message")
    def _received(message: str | bytes) -> None:
        if len(message) > MAX_CONTROL_BYTES:
            return
        try:
            player.control(msgspec.json.decode(message, type=Control))
        except msgspec.MsgspecError:
            return  # a player of another version: what is not understood changes nothing


def _send(channels: list[RTCDataChannel], message: dict[str, str]) -> None:
    for channel in channels:
        if channel.readyState == "open":
            channel.send(msgspec.json.encode(message).decode())
