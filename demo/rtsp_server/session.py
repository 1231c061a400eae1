"""One client's RTSP connection: requests in, answers and media out."""

import asyncio
import contextlib
import secrets
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from demo.rtsp_server.auth import Login
from demo.rtsp_server.faults import Fault, Garbage, HangUp, Loss, Stall
from demo.rtsp_server.manners import Manners
from demo.rtsp_server.messages import Answer, Request, read_request
from demo.rtsp_server.routes import Route, TcpRoute, open_route
from demo.rtsp_server.rtp import Burst
from demo.rtsp_server.stream import Stream
from demo.rtsp_server.tracks import describe

SEND_BUFFER_BYTES = 65_536  # the kernel would hold minutes of video for a client that stopped reading
PATIENCE_S = 4.0  # a client whose backlog lasts longer is dropped
REPORT_INTERVAL_S = 5.0
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN"


class Site(Protocol):
    """What a session asks of its server."""

    login: Login | None
    transports: frozenset[str]
    manners: Manners

    def find(self, uri: str) -> Stream | None: ...


class Session:
    def __init__(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._site = site
        self._reader = reader
        self._writer = writer
        self._id = secrets.token_hex(8)
        self._stream: Stream | None = None
        self._routes: dict[int, Route] = {}  # by track
        self._begun: set[int] = set()
        self._silent = False
        self._loss_every = self._count = 0
        self._relaxed_mono = self._reported_mono = self._asked_mono = time.monotonic()
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    async def run(self) -> None:
        """Until the client leaves or is dropped."""
        try:
            while request := await read_request(self._reader):
                self._asked_mono = time.monotonic()
                self._answer(request, await self._handle(request))
                if request.method in ("TEARDOWN", self._site.manners.hangs_up_after):
                    break
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # gone, or does not speak RTSP
        finally:
            self._leave()
            self._writer.close()

    def abort(self) -> None:
        """Reset: the end of an orderly close would wait behind video that nobody takes."""
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._leave()
        self._writer.transport.abort()

    # --- media -------------------------------------------------------------------------------

    def send(self, burst: Burst) -> None:
        route = self._routes.get(burst.track)
        if self._writer.transport.is_closing():  # the client left; its task has not noticed yet
            self._leave()
            return
        if route is None or self._silent or not self._may_begin(burst):
            return
        now = time.monotonic()
        if now - self._reported_mono > REPORT_INTERVAL_S:
            self._reported_mono = now
            self._report()
        burst = self._thinned(burst) if self._loss_every else burst
        forgotten = now - self._asked_mono > self._site.manners.session_timeout_s
        if forgotten or (isinstance(route, TcpRoute) and self._is_stuck(now)):
            self.abort()
            return
        route.send(burst)

    def _is_stuck(self, now_mono: float) -> bool:
        if self._writer.transport.get_write_buffer_size() == 0:
            self._relaxed_mono = now_mono
        return now_mono - self._relaxed_mono > PATIENCE_S

    def suffer(self, fault: Fault) -> None:
        match fault:
            case HangUp():
                self.abort()
            case Loss(every):
                self._loss_every = every
            case Garbage(data) if self._is_interleaved():
                self._writer.write(data)
            case Stall():
                self._silent = True
                if self._is_interleaved():
                    channel = self._site.manners.first_channel
                    self._writer.write(struct.pack("!cBH", b"$", channel, 1000) + bytes(500))

    def _may_begin(self, burst: Burst) -> bool:
        """A decoder begins at a keyframe, and sound begins with the pictures."""
        if burst.track in self._begun:
            return True
        tracks = self._stream.tracks if self._stream else ()
        video = {index for index in self._routes if tracks[index].is_video}
        ready = burst.begins and (burst.track in video or video <= self._begun)
        if ready:
            self._begun.add(burst.track)
            self._report(burst.track)
        return ready

    def _thinned(self, burst: Burst) -> Burst:
        kept = []
        for packet in burst.packets:
            self._count += 1
            if self._count % self._loss_every:
                kept.append(packet)
        return Burst(burst.track, kept, burst.rtp_time, burst.begins)

    def _report(self, only: int | None = None) -> None:
        if self._stream is None:
            return
        for track, route in self._routes.items():
            if only in (None, track) and (report := self._stream.report(track)):
                route.report(report)

    def _is_interleaved(self) -> bool:
        return any(isinstance(route, TcpRoute) for route in self._routes.values())

    def _leave(self) -> None:
        if self._stream is not None:
            self._stream.clients.discard(self)
        for route in self._routes.values():
            route.close()
        self._routes.clear()

    # --- requests ------------------------------------------------------------------------------

    def _answer(self, request: Request, answer: Answer) -> None:
        self._writer.write(answer.encoded(request))
        if request.method == "PLAY" and answer.status == 200 and self._stream is not None:
            self._stream.connections += 1
            self._stream.clients.add(self)

    async def _handle(self, request: Request) -> Answer:
        if request.method == "OPTIONS":
            return Answer(headers={"Public": METHODS})
        login = self._site.login
        if login and not login.accepts(request.headers.get("authorization", ""), request.method):
            return Answer(401, {"WWW-Authenticate": login.challenge()})
        handlers: dict[str, Callable[[Request], Awaitable[Answer]]] = {
            "DESCRIBE": self._describe,
            "SETUP": self._set_up,
            "PLAY": self._play,
            "PAUSE": self._pause,
        }
        if handler := handlers.get(request.method):
            return await handler(request)
        known = request.method in ("GET_PARAMETER", "SET_PARAMETER", "TEARDOWN")
        return Answer(200 if known else 501, {"Session": self._id})

    async def _describe(self, request: Request) -> Answer:
        stream = self._site.find(request.uri)
        if stream is None:
            return Answer(404)
        base = request.uri.rstrip("/") + "/"
        host = str(self._writer.get_extra_info("sockname")[0])
        headers = {"Content-Base": base, "Content-Type": "application/sdp"}
        controls = base if self._site.manners.absolute_controls else ""
        return Answer(200, headers, describe(stream.tracks, host, controls))

    async def _set_up(self, request: Request) -> Answer:
        uri, _, number = request.uri.rstrip("/").rpartition("/track")
        stream = self._site.find(uri)
        if stream is None or number not in map(str, range(1, len(stream.tracks) + 1)):
            return Answer(404)
        offered = request.headers.get("transport", "").split(",")
        site, manners, track = self._site, self._site.manners, int(number) - 1
        for transport in offered:
            if route := open_route(transport, site.transports, self._writer, track, manners.first_channel):
                self._routes[track], self._stream = route, stream
                session = f"{self._id};timeout={manners.session_timeout_s}"
                return Answer(200, {"Transport": route.accepted, "Session": session})
        return Answer(461)

    async def _play(self, _request: Request) -> Answer:
        return Answer(200, {"Session": self._id, "Range": "npt=0-"}) if self._routes else Answer(455)

    async def _pause(self, _request: Request) -> Answer:
        if self._stream is not None:
            self._stream.clients.discard(self)
        self._begun.clear()
        return Answer(200, {"Session": self._id})
