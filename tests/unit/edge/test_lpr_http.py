"""What the plate port's HTTP lets a client do: a whole head and a whole body, in time and in bounds."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge_agent.agent import _serve_plates
from edge_agent.config import Settings
from edge_agent.lpr.api import create_app
from edge_agent.lpr.http import MAX_HEAD_BYTES, MAX_HEADERS, BoundedHttp
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.services import PlateReads
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from tests.unit.edge.builders import anpr_xml, desired_state
from tests.unit.edge.test_lpr_port import CAMERA, SECRET

HEAD = (
    f"POST /lpr/hikvision?token={SECRET} HTTP/1.1\r\nHost: box\r\nContent-Type: application/xml\r\n".encode()
)
LOOKS_S = 0.02


@pytest.fixture
async def port(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[int]:
    """The port as the agent serves it, to one camera; it looks at its connections every 20 ms."""
    monkeypatch.setattr(BoundedHttp, "look_s", LOOKS_S)
    desired = DesiredStateKeeper(settings)
    desired.receive(desired_state(cameras=[CAMERA]))
    intake = Intake(PlateReads(store, tmp_path), lambda _kept: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(_serve_plates(create_app(intake, desired), listener))
        yield listener.getsockname()[1]
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The status line; empty when the connection was cut off."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


def push(event: str, ending: bytes = b"\r\n") -> bytes:
    body = anpr_xml(event=event)
    return HEAD.replace(b"\r\n", ending) + b"Content-Length: %d" % len(body) + 2 * ending + body


async def test_a_camera_may_push_again_and_again_on_one_connection(port: int) -> None:
    reader, writer = await opened(port)
    for number in range(3):
        writer.write(push(f"u{number}"))
        assert b" 200 " in await answer(reader)
        await reader.readuntil(b"\r\n\r\nOK")
    writer.close()


async def test_pushes_that_do_not_wait_for_their_answers_are_all_answered(port: int) -> None:
    reader, writer = await opened(port)
    writer.write(push("u1") + push("u2"))
    for _ in range(2):
        assert b" 200 " in await answer(reader)
        await reader.readuntil(b"\r\n\r\nOK")
    writer.close()


async def test_a_firmware_may_end_its_lines_with_a_newline_alone(port: int) -> None:
    reader, writer = await opened(port)
    writer.write(push("u1", ending=b"\n"))
    assert b" 200 " in await answer(reader)
    writer.close()


@pytest.mark.parametrize("sent", [b"", b"POST /l", HEAD])
async def test_a_client_that_does_not_finish_its_head_is_cut_off(
    port: int, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedHttp, "head_s", 0.1)
    reader, writer = await opened(port)
    writer.write(sent)
    assert await answer(reader) == b""
    writer.close()


async def test_a_client_that_drips_its_head_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedHttp, "head_s", 0.1)
    reader, writer = await opened(port)
    writer.write(HEAD)
    with contextlib.suppress(ConnectionError):
        while not reader.at_eof():
            writer.write(b"X-Drip: 1\r\n")
            await writer.drain()
            await asyncio.sleep(LOOKS_S)
    assert await answer(reader) == b""
    writer.close()


async def test_a_client_that_does_not_finish_its_body_is_cut_off(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedHttp, "body_s", 0.1)
    reader, writer = await opened(port)
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\n<")
    # the port says 400 to what breaks off; nobody may be left to hear it
    assert await answer(reader) in (b"", b"HTTP/1.1 400 Bad Request\r\n")
    assert await reader.read() is not None
    writer.close()


@pytest.mark.parametrize(
    "endless", [b"X: 1\r\n", b"x" * 100, b"X: " + b"y" * 100], ids=["headers", "a name", "a value"]
)
async def test_a_head_without_end_is_cut_off(port: int, endless: bytes) -> None:
    reader, writer = await opened(port)
    writer.write(HEAD)
    sent = 0
    with contextlib.suppress(ConnectionError):
        while not reader.at_eof() and sent < 100 * MAX_HEAD_BYTES:
            writer.write(endless)
            await writer.drain()
            await asyncio.sleep(0)
            sent += len(endless)
    assert sent < 100 * MAX_HEAD_BYTES
    writer.close()


async def test_a_head_of_more_headers_than_any_camera_sends_is_refused(port: int) -> None:
    reader, writer = await opened(port)
    writer.write(HEAD + b"X: 1\r\n" * (MAX_HEADERS + 1) + b"\r\n")
    assert b" 400 " in await answer(reader)
    writer.close()


async def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_head(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TCP_NODELAY: without it every push took 40 ms more."""
    made: list[BoundedHttp] = []
    connected = BoundedHttp.connection_made
    monkeypatch.setattr(
        BoundedHttp, "connection_made", lambda self, t: (made.append(self), connected(self, t))[1]
    )
    reader, writer = await opened(port)
    writer.write(push("u1"))
    assert b" 200 " in await answer(reader)
    (connection,) = made
    taken = connection.transport.get_extra_info("socket")
    assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    writer.close()
