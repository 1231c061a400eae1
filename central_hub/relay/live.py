"""Live cameras: one uplink each, and all who watch it.

The packets of a quality come over the uplink while somebody watches them by WebRTC, once for all. What is
watched by HLS is fetched file by file, shared too. An uplink that nobody uses any more is hung up.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from redis.exceptions import RedisError

from central_hub.relay.shared_answers import MEDIA_FOR_S, PLAYLIST_FOR_S, Answer, SharedAnswers
from central_hub.relay.tokens import SessionToken
from central_hub.relay.uplinks import RelayError, Uplink, UplinkClosed
from central_hub.relay.watching import RENEW_EVERY_S, Watching
from passthrough.broadcast import Broadcast
from passthrough.errors import LiveError, LiveUnavailable
from passthrough.packets import LivePacket
from passthrough.whep import PeerSession, WhepAnswer, viewer_of
from protocol.uplink import MAX_MEDIA_BYTES, GetLive, Quality

log = structlog.get_logger()

#: An uplink that nobody has used for so long is hung up; a player by HLS asks more often, also of a camera
#: with a keyframe every 8 s.
IDLE_S = 20.0
#: WebRTC viewers of one relay. A cautious bound, not measured: each is encrypted in this process.
MAX_VIEWERS = 100
FULL = "Há pessoas demais assistindo ao vivo pela central agora. Tente de novo em instantes."


class _Stream:
    """The packets of one quality, from the box's consent on. `ended` is called when no more come."""

    def __init__(self, uplink: Uplink, quality: Quality, ended: Callable[["_Stream"], None]) -> None:
        self.audience: set[object] = set()
        self._uplink = uplink
        self._quality = quality
        self._ended = ended
        self._accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.broadcast = Broadcast(self._begin)

    def _begin(self, on_packet: Callable[[LivePacket], None]) -> "_Stream":
        self._task = asyncio.create_task(self._run(on_packet))
        return self

    async def accepted(self) -> None:
        """Raises RelayError, LiveError."""
        await asyncio.shield(self._accepted)

    def close(self) -> None:
        self._task.cancel()

    async def _run(self, on_packet: Callable[[LivePacket], None]) -> None:
        try:
            async with self._uplink.watch(self._quality) as packets:
                self._accepted.set_result(None)
                async for packet in packets:
                    on_packet(packet)
        except (RelayError, LiveError) as error:
            log.info("live_stream_ended", quality=self._quality, error=type(error).__name__)
            if not self._accepted.done():
                self._accepted.set_exception(error)
        finally:
            if not self._accepted.done():
                self._accepted.set_exception(UplinkClosed())
            self._ended(self)


@dataclass(frozen=True, eq=False)
class _Viewer:
    peer: PeerSession
    session: str
    stream: _Stream
    ending: asyncio.TimerHandle


class LiveFeed:
    """One camera, by the uplink that its box has open."""

    def __init__(self, uplink: Uplink) -> None:
        self._uplink = uplink
        self._streams: dict[Quality, _Stream] = {}
        self._opening: defaultdict[Quality, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._viewers: dict[str, _Viewer] = {}
        self._answers = SharedAnswers()
        self._used_mono = time.monotonic()

    @property
    def idle_s(self) -> float:
        """How long nobody has watched."""
        return 0.0 if self._viewers else time.monotonic() - self._used_mono

    @property
    def watching(self) -> set[str]:
        """The sessions that watch by WebRTC."""
        return {viewer.session for viewer in self._viewers.values()}

    def __len__(self) -> int:
        return len(self._viewers)

    async def offer(self, token: SessionToken, quality: Quality, sdp: str) -> WhepAnswer:
        """Start a viewer. Raises LiveError, RelayError."""
        self._used_mono = time.monotonic()
        waiting = object()
        stream = await self._join(quality, waiting)
        try:
            await stream.broadcast.require_h264()
            return await self._begin(token, stream, sdp)
        finally:
            self._leave(stream, waiting)

    async def _begin(self, token: SessionToken, stream: _Stream, sdp: str) -> WhepAnswer:
        def ended() -> None:
            if (viewer := self._viewers.pop(peer.id, None)) is not None:
                viewer.ending.cancel()
            self._used_mono = time.monotonic()
            self._leave(stream, peer)

        peer = viewer_of(stream.broadcast, sdp, ended)
        left_s = (token.session_ends_at - datetime.now(UTC)).total_seconds()
        ending = asyncio.get_running_loop().call_later(left_s, peer.close_soon)
        self._viewers[peer.id] = _Viewer(peer, token.session, stream, ending)
        stream.audience.add(peer)
        return await peer.answer(sdp)

    async def hang_up(self, resource_id: str) -> None:
        if (viewer := self._viewers.get(resource_id)) is not None:
            await viewer.peer.close()

    def end_session(self, session: str) -> None:
        self._end(lambda viewer: viewer.session == session)

    async def file(self, file: str, query: str, byte_range: str) -> Answer:
        """A file of the camera's live HLS. Raises LiveUnavailable, RelayError."""
        self._used_mono = time.monotonic()
        keep_s = PLAYLIST_FOR_S if file.endswith(".m3u8") else MEDIA_FOR_S
        return await self._answers.get(
            (file, query, byte_range), keep_s, lambda: self._fetch(file, query, byte_range)
        )

    async def hang_up_uplink(self) -> None:
        await self._uplink.hang_up()

    def closed(self) -> None:
        """The uplink is gone: whoever watches asks the hub anew."""
        self._end(lambda _: True)

    async def _fetch(self, file: str, query: str, byte_range: str) -> Answer:
        async with self._uplink.ask(lambda number: GetLive(number, file, query, byte_range)) as (head, body):
            data = bytearray()
            async for part in body:
                data += part
                if len(data) > MAX_MEDIA_BYTES:
                    raise UplinkClosed
        if head.status >= HTTPStatus.BAD_REQUEST:
            raise LiveUnavailable(head.detail, HTTPStatus(head.status))
        return head, bytes(data)

    async def _join(self, quality: Quality, who: object) -> _Stream:
        """Raises LiveError, RelayError."""
        async with self._opening[quality]:
            stream = self._streams.get(quality)
            if stream is None:
                stream = await self._opened(quality)
            stream.audience.add(who)
            return stream

    async def _opened(self, quality: Quality) -> _Stream:
        """Raises LiveError, RelayError."""
        stream = _Stream(self._uplink, quality, self._stream_ended)
        try:
            await stream.accepted()
        except BaseException:
            stream.close()
            raise
        self._streams[quality] = stream
        return stream

    def _leave(self, stream: _Stream, who: object) -> None:
        """With the last of its audience a stream ends, and the box stops sending it."""
        stream.audience.discard(who)
        if not stream.audience:
            self._forget(stream)
            stream.broadcast.close()

    def _stream_ended(self, stream: _Stream) -> None:
        self._forget(stream)
        self._end(lambda viewer: viewer.stream is stream)

    def _forget(self, stream: _Stream) -> None:
        self._streams = {quality: other for quality, other in self._streams.items() if other is not stream}

    def _end(self, which: Callable[[_Viewer], bool]) -> None:
        for viewer in list(self._viewers.values()):
            if which(viewer):
                viewer.peer.close_soon()


class LiveFeeds:
    """The live cameras of one relay, by the name of their uplink."""

    def __init__(self, watching: Watching) -> None:
        self._watching = watching
        self._feeds: dict[str, LiveFeed] = {}

    def begin(self, uplink_name: str, uplink: Uplink) -> LiveFeed:
        """In place of the one that was open: its box has dialled again."""
        if (old := self._feeds.get(uplink_name)) is not None:
            old.closed()
        feed = self._feeds[uplink_name] = LiveFeed(uplink)
        return feed

    async def end(self, uplink_name: str, feed: LiveFeed) -> None:
        feed.closed()
        if self._feeds.get(uplink_name) is feed:
            del self._feeds[uplink_name]
            with suppress(RedisError):  # then the key ends by itself
                await self._watching.uplink_is_gone(uplink_name)

    def get(self, uplink_name: str) -> LiveFeed | None:
        return self._feeds.get(uplink_name)

    async def hang_up(self, resource_id: str) -> None:
        for feed in list(self._feeds.values()):
            await feed.hang_up(resource_id)

    def end_session(self, session: str) -> None:
        for feed in self._feeds.values():
            feed.end_session(session)

    @property
    def viewers(self) -> int:
        """Who watches by WebRTC, all cameras."""
        return sum(len(feed) for feed in self._feeds.values())

    def require_room(self) -> None:
        """Raises LiveUnavailable."""
        if self.viewers >= MAX_VIEWERS:
            raise LiveUnavailable(FULL, HTTPStatus.SERVICE_UNAVAILABLE)

    async def keep_looking(self) -> None:
        """Tell the hub who watches, and hang up what nobody watches, until cancelled."""
        while True:
            for name, feed in list(self._feeds.items()):
                if feed.idle_s > IDLE_S:
                    await feed.hang_up_uplink()
                    continue
                with suppress(RedisError):  # told again in a moment
                    await self._watching.uplink_is_open(name)
                    for session in feed.watching:
                        await self._watching.note(session)
            await asyncio.sleep(RENEW_EVERY_S)
