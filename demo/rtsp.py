"""RTSP (interleaved TCP) for live feeds, on aio-rtsp-toolkit's server, which by itself serves files only."""

import asyncio
import base64
import logging
import socket
import struct
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

import aio_sockets
from aio_rtsp_toolkit.server import RtspServer
from aio_rtsp_toolkit.server_media import MediaSource, MediaTrackInfo, parse_parameter_sets
from aio_rtsp_toolkit.server_session import RtspServerSession
from aio_rtsp_toolkit.server_session_types import StreamTrackState

from demo.encoder import CLOCK_RATE
from demo.feed import Feed
from demo.ports import LOOPBACK

PAYLOAD_TYPE = 96
SEND_BUFFER_BYTES = 65_536  # more than one second of video
# FFmpeg takes an RTP timestamp of 0 for "not known yet" and loses the first picture's time.
FIRST_MEDIA_TIME_S = 1 / CLOCK_RATE


class LiveRtspServer(RtspServer):  # type: ignore[misc]  # the library is untyped
    """Serves `feeds`, by path. Ends its sessions when closed."""

    def __init__(self, feeds: Mapping[str, Feed], port: int) -> None:
        super().__init__(directory=".", host=LOOPBACK, port=port, session_name="GT-Vision simulated camera")
        self.logger = logging.getLogger("demo.rtsp")  # the library's own prints every request
        self._feeds = feeds
        self._sessions: set[LiveSession] = set()

    def feed(self, uri: str) -> Feed:
        path = urllib.parse.unquote(urllib.parse.urlsplit(uri).path).strip("/")
        if path not in self._feeds:
            raise FileNotFoundError(path)  # the library answers 404
        return self._feeds[path]

    async def close(self) -> None:
        for session in list(self._sessions):
            await session.close()
        await super().close()

    async def _handle_client(self, sock: aio_sockets.TCPSocket) -> None:
        # The kernel would hold minutes of video for a client that stopped reading, and so hide it from us.
        sock.writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES
        )
        session = LiveSession(self, sock)
        self._sessions.add(session)
        try:
            await session.run()
        except (OSError, asyncio.IncompleteReadError):
            self.logger.debug("client went away")
        finally:
            self._sessions.discard(session)


class LiveSession(RtspServerSession):  # type: ignore[misc]
    feed: Feed

    async def _handle_describe(self, uri: str, req_headers: dict[str, str]) -> None:
        self.feed = self.server.feed(uri)
        self.media_source = _describe(self.feed, self.server.session_name)
        self.content_base = self.server.build_content_base(uri, req_headers)
        self.track_states = {track.control: StreamTrackState(track) for track in self.media_source.tracks}
        headers = {"Content-Base": self.content_base, "Content-Type": "application/sdp"}
        await self._send_response(
            req_headers, 200, "OK", headers, body=self.media_source.build_sdp().encode()
        )

    async def _stream_media(self) -> None:
        track = next(state for state in self.track_states.values() if state.rtp_channel is not None)
        queue = self.feed.subscribe(drop=self._drop)
        first_mono: float | None = None
        try:
            while True:
                unit = await queue.get()
                if first_mono is None:
                    if not unit.is_keyframe:
                        continue  # a decoder can only begin at a keyframe
                    first_mono = unit.captured_mono
                media_time_s = FIRST_MEDIA_TIME_S + unit.captured_mono - first_mono
                await self._send_video_packet(track, unit.data, media_time_s, 0.0, unit.is_keyframe)
                # Whoever takes the pictures is alive, even if it never sends a keep-alive.
                self._mark_activity()
        except OSError:
            self.logger.debug("client went away")
        finally:
            self.feed.unsubscribe(queue)

    def _drop(self) -> None:
        # Reset, not closed: the end of an orderly close would wait behind video that nobody takes.
        connection = self.sock.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.writer.transport.abort()

    async def _sleep_until_media_time(self, state: StreamTrackState, media_time: float) -> None:
        """Live pictures are sent as they are taken; pacing is for files."""


def _describe(feed: Feed, session_name: str) -> MediaSource:
    length_size, parameter_sets = parse_parameter_sets("h264", feed.parameter_sets)
    sps, pps = parameter_sets["sps"], parameter_sets["pps"]
    sprop = ",".join(base64.b64encode(unit).decode() for unit in (sps, pps))
    track = MediaTrackInfo(
        media_type="video",
        control="track1",
        codec_name="h264",
        payload_type=PAYLOAD_TYPE,
        clock_rate=CLOCK_RATE,
        fmtp=f"packetization-mode=1;profile-level-id={sps[1:4].hex()};sprop-parameter-sets={sprop}",
        nal_length_size=length_size,
        parameter_sets=parameter_sets,
    )
    return MediaSource(file_path=Path("live"), tracks=[track], session_name=session_name)
