"""One camera's bytes, cut anywhere, give the same samples; its conversation ends with a clear reason."""

import asyncio
import itertools
import socket
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.rtsp import sockets
from edge_agent.rtsp.address import resolve
from edge_agent.rtsp.connection import Connection
from edge_agent.rtsp.errors import (
    BadAddress,
    Ended,
    Malformed,
    NoAnswer,
    Redirected,
    RtspError,
    Unauthorised,
)
from edge_agent.rtsp.messages import Message
from edge_agent.rtsp.payloads import payloads_of
from edge_agent.rtsp.receiver import Receiver
from edge_agent.rtsp.rtp import RtpTrack
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Description, Format
from edge_agent.rtsp.wire import Wire

PCMA = Format("pcm_alaw", 8, 8_000, "track1")
DESCRIPTION = (
    b"v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 0 RTP/AVP 8\r\na=control:track1\r\n"
)


def sound(number: int, channel: int = 0) -> bytes:
    payload = b"piece %d" % number
    head = struct.pack(">BBHII", 0x80, 8, number, 160 * number, 1)
    return struct.pack(">BBH", 0x24, channel, 12 + len(payload)) + head + payload


def answer(request: bytes, body: bytes = b"", status: str = "200 OK", *more: str) -> bytes:
    """To a request, with its number."""
    sequence = next(line for line in request.split(b"\r\n") if line.startswith(b"CSeq"))
    lines = [b"RTSP/1.0 " + status.encode(), sequence, *(line.encode() for line in more)]
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", b""]) + body


class Script:
    """A camera that says what it is told to; `seen` are the requests."""

    def __init__(self, on_request: Callable[[bytes], bytes | None]) -> None:
        self._on_request = on_request
        self.seen: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                if request[:1] == b"$":  # a report in front of it
                    request = request[request.rindex(b"\0", 0, request.index(b"RTSP")) + 1 :]
                self.seen.append(request)
                said = self._on_request(request)
                if said is None:
                    break
                writer.write(said)
        except (asyncio.IncompleteReadError, OSError):
            pass
        writer.close()

    def methods(self) -> list[str]:
        return [request.split(b" ")[0].decode() for request in self.seen]


@asynccontextmanager
async def camera(on_request: Callable[[bytes], bytes | None]) -> AsyncIterator[Script]:
    script = Script(on_request)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    script.url = f"rtsp://admin:segredo@127.0.0.1:{port}/live"
    try:
        yield script
    finally:
        server.close()
        for writer in script.writers:
            writer.close()


def polite(request: bytes) -> bytes:
    if request.startswith(b"DESCRIBE"):
        return answer(request, DESCRIPTION)
    if request.startswith(b"SETUP"):
        return answer(request, b"", "200 OK", "Session: 1", "Transport: RTP/AVP/TCP;interleaved=0-1")
    return answer(request)


async def opened(url: str) -> tuple[Connection, Description]:
    connection = Connection(url, "tcp", Receiver())
    try:
        return connection, await connection.open()
    except BaseException:
        connection.close()
        raise


# --- bytes --------------------------------------------------------------------------------------------


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % len(data) for cut in cuts)})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


STREAM = b"".join(
    [
        *(sound(n) for n in range(5)),
        b"$\1\0\4rtcp",
        b"RTSP/1.0 200 OK\r\nCSeq: 7\r\nContent-Length: 5\r\n\r\nhello",
        b"\r\n\r\n",
        *(sound(n) for n in range(5, 8)),
        b"$\7\0\0",
        b"GET_PARAMETER rtsp://box/ RTSP/1.0\r\nCSeq: 2\r\n\r\n",
        *(sound(n) for n in range(8, 12)),
    ]
)


@settings(deadline=None, max_examples=150)
@given(cuts=st.lists(st.integers(0, 10_000), max_size=60))
def test_a_stream_that_is_cut_anywhere_gives_the_same_samples(cuts: list[int]) -> None:
    async def received() -> list[bytes]:
        samples: list[Sample] = []
        told: list[Message] = []
        failed: list[Exception] = []
        near, far = socket.socketpair()
        near.setblocking(False)
        wire = Wire(near, Receiver(), told.append, failed.append)
        wire.channels[0] = RtpTrack(8, payloads_of(PCMA, samples.append))
        buffer = memoryview(bytearray(4096))
        for piece in pieces(STREAM, cuts):
            far.sendall(piece)
            wire.drain(buffer)
        wire.close()
        far.close()
        assert failed == []
        assert [message.body for message in told] == [b"hello", b""]
        return [sample.data for sample in samples]

    assert asyncio.run(received()) == [b"piece %d" % n for n in range(12)]


async def test_garbage_amid_the_stream_ends_it_as_malformed() -> None:
    async with camera(polite) as script:
        connection, description = await opened(script.url)
        assert description.audio is not None
        heard: list[Sample] = []
        await connection.set_up({description.audio: heard.append})
        await connection.play()
        script.writers[0].write(sound(0) + bytes(500) + sound(1))
        with pytest.raises(Malformed):
            await asyncio.wait_for(asyncio.shield(connection.ended), 5)
        assert len(heard) == 1
        connection.close()


# --- conversation ---------------------------------------------------------------------------------------


async def test_an_answer_without_a_number_is_an_answer() -> None:
    def unnumbered(request: bytes) -> bytes:
        said = polite(request)
        return said.replace(
            next(line for line in said.split(b"\r\n") if line.startswith(b"CSeq")) + b"\r\n", b""
        )

    async with camera(unnumbered) as script:
        connection, description = await opened(script.url)
        assert description.video is not None
        connection.close()


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE"])
async def test_a_camera_that_hangs_up_is_said_to_have(method: str) -> None:
    async with camera(lambda r: None if r.startswith(method.encode()) else polite(r)) as script:
        with pytest.raises(Ended):
            await opened(script.url)


async def test_a_camera_without_options_is_no_worse() -> None:
    def old(request: bytes) -> bytes:
        return (
            answer(request, b"", "501 Not Implemented") if request.startswith(b"OPTIONS") else polite(request)
        )

    async with camera(old) as script:
        connection, _ = await opened(script.url)
        connection.close()
        assert script.methods()[:2] == ["OPTIONS", "DESCRIBE"]


@pytest.mark.parametrize("same_nonce", [True, False])
async def test_a_wrong_password_is_tried_once_a_connection(same_nonce: bool) -> None:
    """Many cameras lock a user out after some failures, and give a new nonce with each refusal."""
    numbers = itertools.count()

    def refuse(request: bytes) -> bytes:
        nonce = 0 if same_nonce else next(numbers)
        return answer(
            request, b"", "401 Unauthorized", f'WWW-Authenticate: Digest realm="cam", nonce="n{nonce}"'
        )

    async with camera(refuse) as script:
        with pytest.raises(Unauthorised):
            await opened(script.url)
        assert sum(b"Authorization" in request for request in script.seen) == 1


async def test_a_camera_that_calls_every_nonce_stale_is_given_up() -> None:
    def refuse(request: bytes) -> bytes:
        return answer(
            request, b"", "401 Unauthorized", 'WWW-Authenticate: Digest realm="cam", nonce="n", stale=true'
        )

    async with camera(refuse) as script:
        with pytest.raises(Unauthorised):
            await opened(script.url)
        assert len(script.seen) == 3


async def test_a_stale_nonce_amid_the_session_is_replaced_and_the_session_lives() -> None:
    nonces = iter("abcdefgh")
    current = [next(nonces)]
    accepted: list[bytes] = []

    def picky(request: bytes) -> bytes:
        if f'nonce="{current[0]}"'.encode() not in request:
            return answer(
                request,
                b"",
                "401 Unauthorized",
                f'WWW-Authenticate: Digest realm="cam", nonce="{current[0]}"',
            )
        if request.startswith(b"PLAY"):
            current[0] = next(nonces)
        accepted.append(request)
        said = polite(request)
        return said.replace(b"Session: 1", b"Session: 1;timeout=2")

    async with camera(picky) as script:
        connection, description = await opened(script.url)
        assert description.audio is not None
        await connection.set_up({description.audio: lambda _: None})
        await connection.play()
        async with asyncio.timeout(5):
            while not accepted[-1].startswith(b"OPTIONS"):  # noqa: ASYNC110 - the camera's end
                await asyncio.sleep(0.05)
        assert b'nonce="b"' in accepted[-1]
        connection.close()


async def test_a_camera_that_refuses_to_get_parameters_is_shown_life_by_options() -> None:
    def no_parameters(request: bytes) -> bytes:
        if request.startswith(b"GET_PARAMETER"):
            return answer(request, b"", "405 Method Not Allowed")
        if request.startswith(b"OPTIONS"):
            return answer(request, b"", "200 OK", "Public: DESCRIBE, GET_PARAMETER")
        return polite(request).replace(b"Session: 1", b"Session: 1;timeout=2")

    async with camera(no_parameters) as script:
        connection, description = await opened(script.url)
        assert description.audio is not None
        await connection.set_up({description.audio: lambda _: None})
        await connection.play()
        async with asyncio.timeout(5):
            while script.methods()[-2:] != ["GET_PARAMETER", "OPTIONS"]:  # noqa: ASYNC110 - the camera's end
                await asyncio.sleep(0.05)
        connection.close()


async def test_a_camera_that_refuses_only_its_sound_is_played_without() -> None:
    setups = itertools.count()

    def mute(request: bytes) -> bytes:
        if request.startswith(b"SETUP") and next(setups) == 1:
            return answer(request, b"", "500 Internal Server Error")
        return polite(request)

    async with camera(mute) as script:
        connection, description = await opened(script.url)
        assert description.video is not None
        assert description.audio is not None
        takers = {description.video: lambda _: None, description.audio: lambda _: None}
        assert await connection.set_up(takers) == {description.video}
        await connection.play()
        connection.close()


async def test_a_session_that_is_closed_is_torn_down_also_after_its_own_failure() -> None:
    async with camera(polite) as script:
        connection, description = await opened(script.url)
        assert description.audio is not None
        await connection.set_up({description.audio: lambda _: None})
        await connection.play()
        connection.fail(ValueError("ours"))
        connection.close()
        connection.close()
        async with asyncio.timeout(5):
            while script.methods()[-1] != "TEARDOWN":  # noqa: ASYNC110 - the camera's end
                await asyncio.sleep(0.02)
        with pytest.raises(ValueError, match="ours"):
            await connection.ended


async def test_whose_wait_for_the_end_was_cancelled_can_close_it() -> None:
    async with camera(polite) as script:
        connection, _ = await opened(script.url)
        waiting = asyncio.ensure_future(asyncio.wait_for(connection.ended, 30))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        connection.close()


async def test_after_the_end_nothing_is_read_any_more() -> None:
    async with camera(polite) as script:
        connection, description = await opened(script.url)
        assert description.audio is not None
        heard: list[Sample] = []

        def fails(sample: Sample) -> None:
            heard.append(sample)
            connection.fail(RuntimeError("full"))

        await connection.set_up({description.audio: fails})
        await connection.play()
        script.writers[0].write(sound(0))
        await asyncio.wait([connection.ended], timeout=5)
        script.writers[0].write(sound(1) * 100)
        await asyncio.sleep(0.1)
        assert len(heard) == 1
        connection.close()


@pytest.mark.parametrize("tls", [False, True])
async def test_a_server_that_accepts_and_says_nothing_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    monkeypatch.setattr("edge_agent.rtsp.connection.ANSWER_WITHIN_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(NoAnswer):
            await opened(f"rtsp{'s' if tls else ''}://127.0.0.1:{port}/")


async def test_an_address_needs_no_look_up_and_a_name_that_hangs_hinders_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    forever: asyncio.Future[None] = loop.create_future()

    async def hangs(*_: object, **__: object) -> None:
        await forever

    monkeypatch.setattr(loop, "getaddrinfo", hangs)
    monkeypatch.setattr("edge_agent.rtsp.connection.ANSWER_WITHIN_S", 0.3)
    async with camera(polite) as script:
        lost = asyncio.ensure_future(opened("rtsp://camera.example/"))
        connection, _ = await opened(script.url)
        connection.close()
        with pytest.raises(NoAnswer):
            await lost


@pytest.mark.parametrize(
    "url", ["rtsp://[::1/live", "rtsp://cam:99999/", "rtsp://admin:se#gredo@cam/", "rtsp://cam:port/"]
)
async def test_what_is_no_address_is_said_without_its_text(url: str) -> None:
    with pytest.raises(BadAddress) as error:
        Connection(url, "tcp", Receiver())
    assert str(error.value) == "not an address"


@pytest.mark.parametrize(
    "url", ["rtsp://" + "x" * 70 + "/", "rtsp://a..b/", "rtsp:///live", "rtsp://127.0.0.1:1/"]
)
async def test_an_address_that_leads_nowhere_is_an_error_of_the_network(url: str) -> None:
    with pytest.raises((OSError, RtspError)):
        await opened(url)


async def test_a_handshake_that_fails_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []
    async with camera(polite) as script:
        port = script.url.rpartition(":")[2].partition("/")[0]
        wrapped = sockets.ssl.SSLContext.wrap_socket

        def remembered(self: object, plain: socket.socket, **options: object) -> socket.socket:
            made.append(wrapped(self, plain, **options))  # type: ignore[arg-type, call-overload]
            return made[-1]

        monkeypatch.setattr(sockets.ssl.SSLContext, "wrap_socket", remembered)
        monkeypatch.setattr("edge_agent.rtsp.connection.ANSWER_WITHIN_S", 1)
        with pytest.raises((OSError, RtspError)):
            await opened(f"rtsps://127.0.0.1:{port}/")
    assert [one.fileno() for one in made] == [-1]


@pytest.mark.parametrize(
    ("base", "control", "address"),
    [
        ("rtsp://cam/live/", "track1", "rtsp://cam/live/track1"),
        ("rtsp://cam/live", "track1", "rtsp://cam/live/track1"),
        ("rtsp://cam/live", "/track1", "rtsp://cam/live/track1"),
        (
            "rtsp://cam/real?channel=1&subtype=0/",
            "trackID=0",
            "rtsp://cam/real?channel=1&subtype=0/trackID=0",
        ),
        ("rtsp://cam/real?channel=1", "trackID=0", "rtsp://cam/real?channel=1/trackID=0"),
        ("rtsp://cam/live/", "RTSP://10.0.0.1/x?y=1", "RTSP://10.0.0.1/x?y=1"),
        ("rtsps://cam/live/", "rtsps://cam/x", "rtsps://cam/x"),
        ("rtsp://cam/live/", "*", "rtsp://cam/live/"),
        ("rtsp://cam/live", "", "rtsp://cam/live"),
    ],
)
def test_a_tracks_address_is_found_as_cameras_mean_it(base: str, control: str, address: str) -> None:
    assert resolve(base, control) == address


# --- turns ----------------------------------------------------------------------------------------------


class Fake:
    """A source that counts its turns, and has much the first times."""

    def __init__(self, much: int) -> None:
        self.turns, self.much = 0, much

    def fileno(self) -> int:
        return -1

    def drain(self, buffer: memoryview) -> bool:
        self.turns += 1
        return self.turns <= self.much


async def test_who_has_much_to_say_is_read_again_before_the_others() -> None:
    receiver = Receiver()
    quiet, loud = Fake(0), Fake(4)
    receiver.add(quiet, eager=False)
    receiver.add(loud, eager=False)
    running = asyncio.create_task(receiver.run())
    async with asyncio.timeout(5):
        while quiet.turns < 3:  # noqa: ASYNC110 - turns have no event
            await asyncio.sleep(0.01)
    receiver.remove(loud)
    running.cancel()
    assert loud.turns >= quiet.turns + 3


# --- elsewhere ----------------------------------------------------------------------------------------


def moved(status: str, location: str) -> Callable[[bytes], bytes]:
    return lambda request: answer(request, b"", status, f"Location: {location}")


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Moved Temporarily"])
async def test_a_camera_may_send_us_to_another_port_and_path_of_its_own(status: str) -> None:
    """With the credentials that were entered for it, whatever the new address says."""

    def locked(request: bytes) -> bytes:
        if b"Authorization" not in request:
            return answer(request, b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="c"')
        return polite(request)

    async with camera(locked) as there:
        location = there.url.replace("admin:segredo@", "x:y@").replace("/live", "/other")
        async with camera(moved(status, location)) as here:
            connection, description = await opened(here.url)
            connection.close()
    assert description.video is not None
    assert here.methods() == ["OPTIONS"]
    assert there.seen[-1].startswith(b"DESCRIBE rtsp://127.0.0.1:")
    assert b"/other" in there.seen[-1] and b"YWRtaW46c2VncmVkbw==" in there.seen[-1]


async def test_nobody_is_followed_to_another_host() -> None:
    """127.0.0.2 is another machine to all that we know."""
    async with camera(polite) as there:
        location = there.url.replace("admin:segredo@127.0.0.1", "127.0.0.2")
        async with camera(moved("302 Moved Temporarily", location)) as here:
            with pytest.raises(Redirected) as refused:
                await opened(here.url)
    assert there.seen == []
    assert "127.0.0.2" not in str(refused.value)


async def test_a_camera_that_sends_us_round_in_circles_is_given_up() -> None:
    def round_again(request: bytes) -> bytes:
        return answer(request, b"", "302 Moved Temporarily", f"Location: {here.url}")

    async with camera(round_again) as here:
        with pytest.raises(Redirected):
            await opened(here.url)
    assert len(here.seen) == 4


# --- what a camera asks of us ---------------------------------------------------------------------------


async def playing(script: Script) -> Connection:
    connection, description = await opened(script.url)
    assert description.video is not None
    await connection.set_up({description.video: lambda _: None})
    await connection.play()
    return connection


def say(script: Script, method: str, body: bytes = b"") -> None:
    head = f"{method} rtsp://box/ RTSP/1.0\r\nCSeq: 77\r\nContent-Length: {len(body)}\r\n\r\n"
    script.writers[-1].write(head.encode() + body)


@pytest.mark.parametrize(
    ("method", "status"), [("OPTIONS", b"200"), ("GET_PARAMETER", b"200"), ("PLAY", b"501")]
)
async def test_a_camera_that_looks_whether_we_are_there_is_answered(method: str, status: bytes) -> None:
    async with camera(polite) as script:
        connection = await playing(script)
        say(script, method)
        async with asyncio.timeout(5):
            while not any(seen.startswith(b"RTSP/1.0 " + status) for seen in script.seen):  # noqa: ASYNC110 - the script has no event
                await asyncio.sleep(0.01)
        assert not connection.ended.done()
        connection.close()
    assert any(b"CSeq: 77" in seen for seen in script.seen)


@pytest.mark.parametrize(
    ("method", "body"), [("REDIRECT", b""), ("ANNOUNCE", DESCRIPTION.replace(b"H264", b"H265"))]
)
async def test_a_camera_whose_stream_is_another_now_is_asked_anew(method: str, body: bytes) -> None:
    async with camera(polite) as script:
        connection = await playing(script)
        say(script, method, body)
        with pytest.raises(Ended):
            await asyncio.wait_for(connection.ended, 5)
        connection.close()


async def test_a_camera_that_announces_what_is_known_goes_on() -> None:
    async with camera(polite) as script:
        connection = await playing(script)
        say(script, "ANNOUNCE", DESCRIPTION)
        say(script, "OPTIONS")
        async with asyncio.timeout(5):
            while sum(seen.startswith(b"RTSP/1.0 200") for seen in script.seen) < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        assert not connection.ended.done()
        connection.close()
