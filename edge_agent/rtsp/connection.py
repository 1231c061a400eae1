"""One camera's conversation: DESCRIBE, SETUP, PLAY, then its packets until it ends (RFC 2326).

    connection = Connection(url, "tcp", receiver)
    try:
        description = await connection.open()
        await connection.set_up({description.video: on_sample})
        await connection.play()
        await connection.ended          # raises why
    finally:
        connection.close()

Packets travel inside the TCP connection (interleaved, RFC 2326, 10.12) or as UDP datagrams.
"""

import asyncio
import contextlib
import random
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import structlog

from edge_agent.rtsp import address, auth, messages, sdp, sockets
from edge_agent.rtsp.datagrams import Datagrams
from edge_agent.rtsp.errors import (
    Ended,
    LoginRefused,
    Malformed,
    NoAnswer,
    Redirected,
    Refused,
    RtspError,
    Unauthorised,
)
from edge_agent.rtsp.payloads import payloads_of
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.rtp import RtpTrack, receiver_report
from edge_agent.rtsp.samples import OnSample
from edge_agent.rtsp.wire import Wire

log = structlog.get_logger()

ANSWER_WITHIN_S = 10.0
#: What a session lasts without a sign of life, where a camera does not say (RFC 2326, 12.37).
SESSION_TIMEOUT_S = 60
_MAX_PORT = 65_535
#: Without credentials or with an old nonce, with the new one, and once more if that was too old again.
_TRIES = 3
#: How often a camera may send us on before it says what there is.
_MAX_REDIRECTS = 3


class Connection:
    """A camera's stream; used only from the event loop of its receiver.

    `ended` is done when no more comes: with an RtspError or OSError, or what a sample's taker raised.
    """

    def __init__(self, url: str, transport: Literal["tcp", "udp"], receiver: Receiver) -> None:
        """Raises BadAddress."""
        self._address = address.parse(url)
        self._transport = transport
        self._receiver = receiver
        self._challenge: auth.Challenge | None = None
        self._wire: Wire | None = None
        self._sequence = 0
        self._answer: asyncio.Future[messages.Message] | None = None
        self._session = ""
        self._session_timeout_s = SESSION_TIMEOUT_S
        self._sign_of_life = "OPTIONS"
        self._life_was_refused = False
        self._base = self._aggregate = self._address.uri
        self._description: sdp.Description | None = None
        self._reports: list[Callable[[bytes], None]] = []
        self._datagrams: list[Datagrams] = []
        self._tracks: list[RtpTrack] = []
        self._alive: asyncio.Task[None] | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def lost(self) -> int:
        """RTP packets that never came."""
        return sum(track.lost for track in self._tracks)

    # --- conversation ----------------------------------------------------------

    async def open(self) -> sdp.Description:
        """Connect and ask what there is. Raises RtspError, OSError."""
        for _ in range(_MAX_REDIRECTS):
            try:
                return await self._describe()
            except Redirected as elsewhere:
                there = address.followed(self._address, elsewhere.location)
                if there is None:
                    raise
                self._begin_at(there)
        return await self._describe()

    def _begin_at(self, there: address.Address) -> None:
        """A new conversation, of which nothing that was agreed here is part."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        self._address, self._challenge, self._session = there, None, ""
        self._base = self._aggregate = there.uri

    async def _describe(self) -> sdp.Description:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                connected = await sockets.connect(self._address.host, self._address.port, self._address.tls)
        except TimeoutError:
            raise NoAnswer("no connection in time") from None
        self._wire = Wire(connected, self._receiver, self._told, self.fail)
        await self._ask_for_options()
        answer = await self._request("DESCRIBE", self._address.uri, {"Accept": "application/sdp"})
        self._base = answer.header("content-base") or answer.header("content-location") or self._address.uri
        self._description = sdp.parse(answer.body.decode("utf-8", "replace"))
        self._aggregate = address.resolve(self._base, self._description.control)
        return self._description

    async def _ask_for_options(self) -> None:
        try:
            answer = await self._request("OPTIONS", self._address.uri)
        except (Unauthorised, Redirected):
            raise  # to ask again with a wrong password brings a camera nearer to locking the user out
        except Refused:
            return  # an old camera without OPTIONS
        if "GET_PARAMETER" in answer.header("public"):
            self._sign_of_life = "GET_PARAMETER"

    async def set_up(self, takers: Mapping[sdp.Format, OnSample]) -> set[sdp.Format]:
        """Order tracks of the description for their takers; those that the camera accepts.

        It may refuse any but the first: sound must not be the reason that there is no picture. Raises
        RtspError, OSError.
        """
        accepted: set[sdp.Format] = set()
        for format_, on_sample in takers.items():
            track = RtpTrack(format_.payload_type, payloads_of(format_, on_sample))
            try:
                await self._set_up(track, address.resolve(self._base, format_.control))
            except Refused as refused:
                if not accepted:
                    raise
                log.warning("rtsp_track_refused", codec=format_.codec, error=str(refused))
                continue
            self._tracks.append(track)
            accepted.add(format_)
        return accepted

    async def play(self) -> None:
        """Have the samples sent. Raises RtspError, OSError."""
        await self._request("PLAY", self._aggregate, {"Range": "npt=0.000-"})
        self._alive = asyncio.create_task(self._keep_alive())

    def be_eager(self, eager: bool) -> None:
        """Whether packets are wanted at once, or in turns with other cameras' (receiver)."""
        if self._wire is not None:
            self._wire.be_eager(eager)

    def close(self) -> None:
        """Idempotent. Says good-bye, and does not wait for an answer."""
        if self._alive is not None:
            self._alive.cancel()
        if self._session:
            with contextlib.suppress(RtspError, OSError):
                self._send("TEARDOWN", self._aggregate, {})
        self.fail(Ended("closed by the box"))
        if not self.ended.cancelled():
            self.ended.exception()  # somebody has looked: nothing to warn of
        for datagrams in self._datagrams:
            datagrams.close()
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    async def _set_up(self, track: RtpTrack, uri: str) -> None:
        await (self._set_up_tcp if self._transport == "tcp" else self._set_up_udp)(track, uri)

    async def _set_up_tcp(self, track: RtpTrack, uri: str) -> None:
        wire, wanted = self._connected(), 2 * len(self._tracks)
        offer = f"RTP/AVP/TCP;unicast;interleaved={wanted}-{wanted + 1}"
        answer = await self._request("SETUP", uri, {"Transport": offer})
        found = re.search(r"interleaved=(\d{1,3})(?:-(\d{1,3}))?", answer.header("transport"))
        rtp = int(found[1]) if found else wanted
        rtcp = int(found[2]) if found and found[2] else rtp + 1
        wire.channels[rtp] = track
        self._reports.append(partial(wire.report, rtcp & 0xFF))

    async def _set_up_udp(self, track: RtpTrack, uri: str) -> None:
        wire = self._connected()
        datagrams = Datagrams(wire.family, track, self.fail, self._receiver)
        self._datagrams.append(datagrams)
        offer = f"RTP/AVP;unicast;client_port={datagrams.port}-{datagrams.port + 1}"
        answer = await self._request("SETUP", uri, {"Transport": offer})
        served = re.search(r"server_port=(\d{1,5})(?:-(\d{1,5}))?", answer.header("transport"))
        ports = (int(served[1]), int(served[2] or int(served[1]) + 1)) if served else None
        if ports is not None and max(ports) > _MAX_PORT:
            raise Malformed("a port that does not exist")
        datagrams.start(wire.host, ports)
        self._reports.append(datagrams.report)

    async def _keep_alive(self) -> None:
        """Requests and reports that tell the camera that somebody is there."""
        own_ssrc = random.getrandbits(32)
        try:
            while not self.ended.done():
                for report in self._reports:
                    report(receiver_report(own_ssrc))
                await asyncio.sleep(min(30.0, self._session_timeout_s / 2))
                self._life_was_refused = False
                self._send(self._sign_of_life, self._aggregate, {})
        except (RtspError, OSError) as error:
            self.fail(error)

    def _answered_to_sign_of_life(self, answer: messages.Message) -> None:
        """Who refuses one is asked once more, in the way he wants: the session would end unheard."""
        if answer.status < 400 or self._life_was_refused:
            return
        self._life_was_refused = True
        if answer.status != 401:
            self._sign_of_life = "OPTIONS"
        elif not self._may_help(answer, attempt=0):
            return
        self._send(self._sign_of_life, self._aggregate, {})

    async def _request(
        self, method: str, uri: str, headers: Mapping[str, str] | None = None
    ) -> messages.Message:
        """One answer of 200. Raises RtspError, OSError."""
        for attempt in range(_TRIES):
            answer = await self._ask(method, uri, headers or {})
            if answer.status != 401 or not self._may_help(answer, attempt):
                break
        self._remember_session(answer)
        if answer.status == 401:
            raise (LoginRefused if self._challenge else Unauthorised)(401, method)
        if 300 <= answer.status < 400 and (location := answer.header("location")):
            raise Redirected(answer.status, method, location)
        if answer.status != 200:
            raise Refused(answer.status, method)
        return answer

    def _may_help(self, answer: messages.Message, attempt: int) -> bool:
        """Whether to answer a challenge. The second time it means a wrong password, which is not tried again:
        many cameras lock a user out after a few."""
        challenge = auth.choose(answer.headers.get("www-authenticate", []))
        if self._address.who is None or challenge is None:
            return False
        self._challenge = challenge
        return attempt == 0 or challenge.is_stale

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
        if self._challenge is not None and self._address.who is not None:
            fields["Authorization"] = self._challenge.authorization(self._address.who, method, uri)
        self._connected().write(messages.request(method, uri, fields))

    def _connected(self) -> Wire:
        """Raises Ended."""
        if self._wire is None:
            raise Ended("closed by the box")
        return self._wire

    def _remember_session(self, answer: messages.Message) -> None:
        if session := answer.header("session"):
            self._session, _, rest = session.partition(";")
            if found := re.search(r"timeout\s*=\s*(\d{1,5})", rest):
                self._session_timeout_s = max(2, int(found[1]))

    # --- what comes ---------------------------------------------------------------

    def _told(self, message: messages.Message) -> None:
        if message.method:
            self._asked(message)
            return
        if message.status < 200:
            return
        waiting = self._answer
        if waiting is None or waiting.done():
            self._answered_to_sign_of_life(message)
        elif message.sequence in (-1, self._sequence):
            waiting.set_result(message)

    def _asked(self, message: messages.Message) -> None:
        """A camera may look whether we are there, send us elsewhere, or say that its stream is another now
        (RFC 2326, 10.1, 10.3, 10.8, 10.10). For the last two it is asked anew, at the address that people
        gave: whoever sits on the line must not choose another."""
        known = message.method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE", "REDIRECT")
        fields = {"CSeq": message.header("cseq")[:20]}
        if self._session:
            fields["Session"] = self._session
        status = (200, "OK") if known else (501, "Not Implemented")
        try:
            self._connected().write(messages.answer(*status, fields))
        except (RtspError, OSError) as error:
            self.fail(error)
        if message.method == "REDIRECT":
            self.fail(Ended("the camera sends its viewers elsewhere"))
        elif message.method == "ANNOUNCE" and self._is_news(message.body):
            self.fail(Ended("the camera's stream is another now"))

    def _is_news(self, announced: bytes) -> bool:
        """Some cameras announce again and again what is known."""
        try:
            return sdp.parse(announced.decode("utf-8", "replace")) != self._description
        except Malformed:
            return False

    def fail(self, error: Exception) -> None:
        """Take nothing more; the first error is why."""
        if not self.ended.done():
            self.ended.set_exception(error)
        if self._wire is not None:
            self._wire.stop()
        for datagrams in self._datagrams:
            datagrams.stop()
