"""Plays recordings through WebRTC: seek, pause and speed over the data channel `control`.

Browser to box: {"do": "seek", "at": RFC 3339}, {"do": "pause"}, {"do": "play"},
{"do": "speed", "rate": 0.25 to 16}. Box to browser: {"do": "position", "at": …} four
times a second, {"do": "gap", "from": …, "to": …}, {"do": "end"}; before the box ends
the session by itself {"do": "error", "text": why, in Portuguese}.

A frame's RTP time is when it is sent, so seeks and speeds need no arithmetic in
the browser. After a seek the keyframe at or before the target and what lies
between come as a burst.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from aiortc import MediaStreamTrack, RTCDataChannel
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet

from edge_agent.clock import to_datetime, to_us
from edge_agent.console.auth import Login
from edge_agent.live.engine import CodecNotOffered, LiveUnavailable, WhepAnswer
from edge_agent.live.whep import PeerSession
from edge_agent.playback.gops import Frame, Gop, gop_at
from edge_agent.playback.services import NoFootage, PlaybackError
from edge_agent.recording.domain import GAP_US
from edge_agent.recording.index import RecordingIndex

MAX_SESSIONS = 16
MAX_SESSION_S = 4 * 3600.0
#: Faster than this only keyframes are sent: no browser decodes 16 times 25 frames a second.
KEYFRAMES_ABOVE = 4.0
POSITION_EVERY_S = 0.25
MAX_CONTROL_BYTES = 1000
#: How long a viewer still sees after a logout, or a camera is still seen after its removal.
REVIEW_EVERY_S = 2.0
#: For the last words to arrive; a browser that has read them hangs up earlier.
GOODBYE_S = 1.0
_MICROSECONDS = Fraction(1, 1_000_000)


class Control(msgspec.Struct, frozen=True):
    """What the browser asks for."""

    do: Literal["seek", "pause", "play", "speed"]
    at: datetime | None = None
    rate: Annotated[float, msgspec.Meta(ge=0.25, le=16)] = 1.0


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


class Player:
    """Plays one camera's recording into `show`, from `start_us`, until cancelled.

    `tell` gets what the browser is told; `find` gives the group at or after an instant.
    """

    def __init__(
        self,
        find: Callable[[int], Gop | None],
        start_us: int,
        show: Callable[[Frame], None],
        tell: Callable[[dict[str, str]], None],
    ) -> None:
        self._find = find
        self._show = show
        self.tell = tell
        self._seek_us: int | None = start_us
        self._paused = False
        self._rate = 1.0
        self._ordered = asyncio.Event()
        self._anchor_mono = self._anchor_us = 0.0
        self._told_mono = 0.0

    def control(self, order: Control) -> None:
        match order.do:
            case "seek" if order.at is not None and order.at.tzinfo is not None:
                self._seek_us = to_us(order.at)
            case "pause" | "play":
                self._paused = order.do == "pause"
            case "speed":
                self._rate = order.rate
        self._ordered.set()

    async def run(self) -> None:
        next_us = 0
        while True:
            sought, self._seek_us = self._seek_us, None
            wanted_us = next_us if sought is None else sought
            gop = await asyncio.to_thread(self._find, wanted_us)
            if gop is None:
                self.tell({"do": "end"})
                await self._until_sought()
                continue
            if sought is None and gop.start_us - next_us > GAP_US:
                self.tell({"do": "gap", "from": _text(next_us), "to": _text(gop.start_us)})
            if sought is not None or gop.start_us - next_us > GAP_US:
                self._anchor(max(wanted_us, gop.start_us))
            await self._play(gop, wanted_us, sought is not None)
            next_us = gop.end_us

    async def _play(self, gop: Gop, from_us: int, sought: bool) -> None:
        """Show a group: at once up to `from_us`, then at its pace; ends early when the person seeks.

        `sought`: the picture at `from_us` is shown at once too, also to who has paused.
        """
        for frame in gop.frames:
            if self._rate > KEYFRAMES_ABOVE and not frame.is_keyframe:
                continue
            if frame.at_us >= from_us and not sought:
                await self._until_due(frame.at_us)
            if self._seek_us is not None:
                return
            self._show(frame)
            if frame.at_us >= from_us:
                self._tell_position(frame.at_us, at_once=sought)
                sought = False
        await self._until_due(gop.end_us)

    async def _until_due(self, at_us: int) -> None:
        while self._seek_us is None:
            self._ordered.clear()
            wait_s = None if self._paused else self._due_mono(at_us) - time.monotonic()
            if wait_s is not None and wait_s <= 0:
                return
            rate, position_us = self._rate, self._position_us(at_us)
            try:
                await asyncio.wait_for(self._ordered.wait(), wait_s)
            except TimeoutError:
                return
            if wait_s is None or self._paused or rate != self._rate:
                self._anchor(self._anchor_us if wait_s is None else position_us)

    async def _until_sought(self) -> None:
        while self._seek_us is None:
            self._ordered.clear()
            await self._ordered.wait()

    def _anchor(self, at_us: float) -> None:
        self._anchor_mono, self._anchor_us = time.monotonic(), at_us

    def _due_mono(self, at_us: int) -> float:
        return self._anchor_mono + (at_us - self._anchor_us) / 1_000_000 / self._rate

    def _position_us(self, limit_us: int) -> float:
        played_s = (time.monotonic() - self._anchor_mono) * self._rate
        return min(self._anchor_us + played_s * 1_000_000, limit_us)

    def _tell_position(self, at_us: int, at_once: bool) -> None:
        now = time.monotonic()
        if at_once or now - self._told_mono >= POSITION_EVERY_S:
            self._told_mono = now
            self.tell({"do": "position", "at": _text(at_us)})


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


def _text(at_us: int) -> str:
    return to_datetime(at_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")
