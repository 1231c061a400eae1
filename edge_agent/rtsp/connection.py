"""One camera's conversation: DESCRIBE, SETUP, PLAY, then its packets until it ends (RFC 2326).

    connection = Connection(url, "tcp", receiver)
    try:
        description = await connection.open()
        await connection.play({description.video: on_sample})
        await connection.ended          # raises why
    finally:
        connection.close()

Packets travel inside the TCP connection (interleaved, RFC 2326, 10.12) or as UDP datagrams.
"""

import asyncio
import contextlib
import random
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from edge_agent.rtsp import auth, messages, sdp, sockets
from edge_agent.rtsp.errors import Ended, NoAnswer, Refused, RtspError, Unauthorised
from edge_agent.rtsp.payloads import payloads_of
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.rtp import Reorder, RtpTrack, receiver_report
from edge_agent.rtsp.samples import OnSample

log = structlog.get_logger()

ANSWER_WITHIN_S = 10.0
#: What a session lasts without a sign of life, where a camera does not say (RFC 2326, 12.37).
SESSION_TIMEOUT_S = 60
_PORTS = {"rtsp": 554, "rtsps": 322}
_DOLLAR = 0x24
#: With a wrong password, a stale nonce and the first 401, a request is made three times.
_TRIES = 3
_DATAGRAM_BYTES = 65_536


class Connection:
    """A camera's stream; used only from the event loop of its receiver.

    `ended` is done when no more comes: with an RtspError or OSError, or what a sample's taker raised.
    """

    def __init__(self, url: str, transport: Literal["tcp", "udp"], receiver: Receiver) -> None:
        parts = urlsplit(url)
        self._uri = _without_credentials(parts)
        self._host, self._port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 554)
        self._tls = parts.scheme == "rtsps"
        self._transport = transport
        self._receiver = receiver
        self._who = (
            auth.Credentials(unquote(parts.username), unquote(parts.password or ""))
            if parts.username
            else None
        )
        self._challenge: auth.Challenge | None = None
        self._socket: sockets.Readable | None = None
        self._kept = b""
        self._sequence = 0
        self._answer: asyncio.Future[messages.Message] | None = None
        self._session = ""
        self._session_timeout_s = SESSION_TIMEOUT_S
        self._can_get_parameter = False
        self._base = self._uri
        self._description: sdp.Description | None = None
        self._channels: dict[int, RtpTrack] = {}
        self._reports: list[Callable[[bytes], None]] = []
        self._datagrams: list[_Datagrams] = []
        self._tracks: list[RtpTrack] = []
        self._alive: asyncio.Task[None] | None = None
        self._eager = True
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def lost(self) -> int:
        """RTP packets that never came."""
        return sum(track.lost for track in self._tracks)

    # --- conversation ----------------------------------------------------------

    async def open(self) -> sdp.Description:
        """Connect and ask what there is. Raises RtspError, OSError."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                self._socket = await sockets.connect(self._host, self._port, self._tls)
        except TimeoutError:
            raise NoAnswer("no connection in time") from None
        self._receiver.add(self, eager=True)
        with contextlib.suppress(Refused):  # an old camera without OPTIONS
            options = await self._request("OPTIONS", self._uri)
            self._can_get_parameter = "GET_PARAMETER" in options.header("public")
        answer = await self._request("DESCRIBE", self._uri, {"Accept": "application/sdp"})
        self._base = answer.header("content-base") or answer.header("content-location") or self._uri
        self._description = sdp.parse(answer.body.decode("utf-8", "replace"))
        return self._description

    async def play(self, takers: Mapping[sdp.Format, OnSample]) -> None:
        """Have tracks of the description sent to their takers. Raises RtspError, OSError."""
        assert self._description is not None, "opened before"
        for format_, on_sample in takers.items():
            track = RtpTrack(format_.payload_type, payloads_of(format_, on_sample))
            self._tracks.append(track)
            await self._set_up(track, _resolve(self._base, format_.control))
        await self._request("PLAY", _resolve(self._base, self._description.control), {"Range": "npt=0.000-"})
        self._alive = asyncio.create_task(self._keep_alive())

    def be_eager(self, eager: bool) -> None:
        """Whether packets are wanted at once, or in turns with other cameras' (receiver)."""
        if eager != self._eager and not self.ended.done() and self._socket is not None:
            self._eager = eager
            self._receiver.add(self, eager)

    def close(self) -> None:
        """Idempotent. Says good-bye, and does not wait for an answer."""
        if self._alive is not None:
            self._alive.cancel()
        if self._socket is not None:
            if self._session and not self.ended.done():
                with contextlib.suppress(OSError):
                    self._send("TEARDOWN", self._base, {})
            self._receiver.remove(self)
            self._socket.close()
            self._socket = None
        for datagrams in self._datagrams:
            datagrams.close()
        self.fail(Ended("closed by the box"))
        with contextlib.suppress(RtspError, OSError):
            self.ended.exception()  # somebody has looked: nothing to warn of

    async def _set_up(self, track: RtpTrack, uri: str) -> None:
        await (self._set_up_tcp if self._transport == "tcp" else self._set_up_udp)(track, uri)

    async def _set_up_tcp(self, track: RtpTrack, uri: str) -> None:
        wanted = 2 * (len(self._tracks) - 1)
        offer = f"RTP/AVP/TCP;unicast;interleaved={wanted}-{wanted + 1}"
        answer = await self._request("SETUP", uri, {"Transport": offer})
        found = re.search(r"interleaved=(\d{1,3})(?:-(\d{1,3}))?", answer.header("transport"))
        rtp = int(found[1]) if found else wanted
        rtcp = int(found[2]) if found and found[2] else rtp + 1
        self._channels[rtp] = track

        def report(data: bytes) -> None:
            self._write(bytes((_DOLLAR, rtcp & 0xFF)) + len(data).to_bytes(2) + data)

        self._reports.append(report)

    async def _set_up_udp(self, track: RtpTrack, uri: str) -> None:
        assert self._socket is not None
        rtp, rtcp = sockets.udp_pair(self._socket.family)
        datagrams = _Datagrams(rtp, rtcp, track, self.fail, self._receiver)
        self._datagrams.append(datagrams)
        port = rtp.getsockname()[1]
        answer = await self._request(
            "SETUP", uri, {"Transport": f"RTP/AVP;unicast;client_port={port}-{port + 1}"}
        )
        served = re.search(r"server_port=(\d{1,5})(?:-(\d{1,5}))?", answer.header("transport"))
        host = self._socket.getpeername()[0]
        datagrams.start(host, (int(served[1]), int(served[2] or int(served[1]) + 1)) if served else None)
        self._reports.append(datagrams.report)

    async def _keep_alive(self) -> None:
        """Requests and reports that tell the camera that somebody is there."""
        own_ssrc = random.getrandbits(32)
        method = "GET_PARAMETER" if self._can_get_parameter else "OPTIONS"
        while not self.ended.done():
            try:
                for report in self._reports:
                    report(receiver_report(own_ssrc))
                await asyncio.sleep(min(30.0, self._session_timeout_s / 2))
                self._send(method, self._base, {})
            except OSError as error:
                self.fail(error)

    async def _request(
        self, method: str, uri: str, headers: Mapping[str, str] | None = None
    ) -> messages.Message:
        """One answer of 200. Raises RtspError, OSError."""
        for attempt in range(_TRIES):
            answer = await self._ask(method, uri, headers or {})
            if answer.status != 401 or self._who is None or not self._challenged(answer, attempt):
                break
        self._remember_session(answer)
        if answer.status == 401:
            raise Unauthorised(401, method)
        if answer.status != 200:
            raise Refused(answer.status, method)
        return answer

    def _challenged(self, answer: messages.Message, attempt: int) -> bool:
        """Whether asking again may help: the first challenge, or another nonce than the one we used."""
        before, self._challenge = self._challenge, auth.choose(answer.headers.get("www-authenticate", []))
        if self._challenge is None:
            return False
        return attempt == 0 or (before is not None and before.nonce != self._challenge.nonce)

    async def _ask(self, method: str, uri: str, headers: Mapping[str, str]) -> messages.Message:
        if self.ended.done():
            await self.ended
        self._answer = asyncio.get_running_loop().create_future()
        self._send(method, uri, headers)
        waited: list[asyncio.Future[Any]] = [self._answer, self.ended]
        done, _ = await asyncio.wait(waited, timeout=ANSWER_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        if self._answer in done:
            return self._answer.result()
        if self.ended in done:
            await self.ended
        raise NoAnswer(f"no answer to {method}")

    def _send(self, method: str, uri: str, headers: Mapping[str, str]) -> None:
        self._sequence += 1
        fields = {"CSeq": str(self._sequence), **headers, "User-Agent": "GT-Vision"}
        if self._session:
            fields["Session"] = self._session
        if self._challenge is not None and self._who is not None:
            fields["Authorization"] = self._challenge.authorization(self._who, method, uri)
        self._write(messages.request(method, uri, fields))

    def _write(self, data: bytes) -> None:
        """What we say is shorter than any send buffer. Raises OSError."""
        if self._socket is None or self._socket.send(data) != len(data):
            raise NoAnswer("the camera takes no requests any more")

    def _remember_session(self, answer: messages.Message) -> None:
        if session := answer.header("session"):
            self._session, _, rest = session.partition(";")
            if found := re.search(r"timeout\s*=\s*(\d{1,5})", rest):
                self._session_timeout_s = max(2, int(found[1]))

    # --- what comes ---------------------------------------------------------------

    def fileno(self) -> int:
        return self._socket.fileno() if self._socket is not None else -1

    def drain(self, buffer: memoryview) -> None:
        """Take what has come (receiver.Source). A fault, of the camera or of ours, ends this camera only."""
        try:
            while self._read(buffer) and self._tls:
                pass  # a TLS socket gives one record at a time
        except (RtspError, OSError) as error:
            self.fail(error)
        except Exception as error:
            log.exception("rtsp_reader_failed")
            self.fail(error)

    def _read(self, buffer: memoryview) -> bool:
        kept = len(self._kept)
        buffer[:kept] = self._kept
        if self._socket is None:
            return False
        try:
            got = self._socket.recv_into(buffer[kept:])
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError):
            return False
        if not got:
            raise Ended("the camera closed the connection")
        used = self._take(buffer, kept + got)
        self._kept = buffer[used : kept + got].tobytes()
        return not self.ended.done()

    def _take(self, data: memoryview, end: int) -> int:
        """Hand on whole packets and messages; how many bytes they were. Raises RtspError."""
        at, channels = 0, self._channels
        while end - at >= 4:
            if data[at] == _DOLLAR:
                track = channels.get(data[at + 1])
                following = at if track is None else track.take_run(data, at, end)
                if following == at:  # nobody's packet, or a part of one
                    following += 4 + (data[at + 2] << 8 | data[at + 3])
                    if following > end:
                        break
            else:
                found = messages.parse(data[at:end].tobytes())
                if found is None:
                    break
                self._told(found[0])
                following = at + found[1]
            at = following
        return at

    def _told(self, message: messages.Message) -> None:
        """What a camera asks of us is not answered; nobody waits for answers to signs of life."""
        if message.status == 0 or message.status < 200:
            return
        waiting = self._answer
        if waiting is not None and not waiting.done() and message.sequence in (-1, self._sequence):
            waiting.set_result(message)

    def fail(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)


class _Datagrams:
    """One track over UDP: always read by events, because its socket holds only a keyframe or two."""

    def __init__(
        self,
        rtp: socket.socket,
        rtcp: socket.socket,
        track: RtpTrack,
        fail: Callable[[Exception], None],
        receiver: Receiver,
    ) -> None:
        self._rtp, self._rtcp = rtp, rtcp
        self._track = track
        self._fail = fail
        self._receiver = receiver
        self._reorder = Reorder()

    def start(self, host: str, ports: tuple[int, int] | None) -> None:
        """Take packets, from this camera only where it named its ports. Raises OSError."""
        if ports is not None:
            self._rtp.connect((host, ports[0]))
            self._rtcp.connect((host, ports[1]))
        self._receiver.add(self, eager=True)

    def report(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # a camera need not listen to reports
            self._rtcp.send(data)

    def fileno(self) -> int:
        return self._rtp.fileno()

    def drain(self, buffer: memoryview) -> None:
        try:
            while got := self._rtp.recv_into(buffer, _DATAGRAM_BYTES):
                for packet in self._reorder.put(buffer[:got].tobytes()):
                    self._track.take(memoryview(packet), 0, len(packet))
        except (BlockingIOError, InterruptedError, ConnectionRefusedError):
            pass  # nothing more; or the camera's port is closed for a moment
        except Exception as error:
            log.exception("rtp_reader_failed")
            self._fail(error)

    def close(self) -> None:
        self._receiver.remove(self)
        self._rtp.close()
        self._rtcp.close()


def _without_credentials(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _resolve(base: str, control: str) -> str:
    """A track's address (RFC 2326, C.1.1). What is relative is appended to the base, whatever its path,
    as cameras expect it; RFC 3986 would replace the last part of the path."""
    if control in ("", "*"):
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        return control
    return f"{base.rstrip('/')}/{control.lstrip('/')}"
