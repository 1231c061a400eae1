"""Plates of a Dahua camera that is asked for them: over its event stream, for ever."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.lpr.dahua_pull import MAX_PART_BYTES, PartTooLarge, Pulls, Splitter
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.services import Kept, PlateReads
from edge_agent.store import Store
from protocol.messages import DesiredCamera, LprSource
from tests.unit.edge.builders import desired_state
from tests.unit.edge.pushes import STREAM_EVENT

PASSWORD = "p@ss:w/rd"
HEARTBEAT = b"Heartbeat"


def event(plate: str) -> bytes:
    changed = {**STREAM_EVENT, "TrafficCar": {"PlateNumber": plate}, "Object": {}}
    return b"Code=TrafficJunction;action=Pulse;index=0;data=" + msgspec.json.format(
        msgspec.json.encode(changed), indent=3
    )


def part(body: bytes, length: int | None = None, end: bytes = b"\r\n") -> bytes:
    head = b"--myboundary" + end + b"Content-Type: text/plain" + end
    if length is not None:
        head += b"Content-Length: %d" % length + end
    return head + end + body + end + end


class Camera:
    """A camera's HTTP port: Digest, then an endless stream of parts."""

    def __init__(self) -> None:
        self.parts: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.requests: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(request)
        if b"authorization: digest" not in request.lower():
            writer.write(
                b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="Login to X", qop="auth", '
                b'nonce="1", opaque="2"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
            )
        else:
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=myboundary\r\n\r\n"
            )
            while (one := await self.parts.get()) is not None:
                writer.write(one)
                await writer.drain()
        writer.close()


@pytest.fixture
async def camera() -> AsyncIterator[Camera]:
    made = Camera()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
        made.parts.put_nowait(None)


@pytest.fixture
async def plates(camera: Camera, store: Store, tmp_path: Path) -> AsyncIterator[asyncio.Queue[str]]:
    """What a box that pulls the camera has kept."""
    kept: asyncio.Queue[str] = asyncio.Queue()

    def tell(one: Kept) -> None:
        kept.put_nowait(one.read.plate)

    pulls = Pulls(Intake(PlateReads(store, tmp_path / "images"), tell))
    address = "rtsp://admin:p%40ss%3Aw%2Frd@127.0.0.1:554/cam/realmonitor"
    source = LprSource(pull="dahua", http_port=camera.port)
    pulls.assign(desired_state(cameras=[DesiredCamera("cam1", "Praça", address, lpr=source)]))
    running = asyncio.create_task(pulls.run())
    yield kept
    running.cancel()
    await asyncio.wait([running])


async def test_a_camera_is_asked_with_its_account_and_its_plates_are_kept(
    camera: Camera, plates: asyncio.Queue[str]
) -> None:
    body = event("ABC1D23")
    for one in (
        part(HEARTBEAT, len(HEARTBEAT)),
        part(body, len(body)),
        part(event("XYZ9A88"), 0),
        part(HEARTBEAT),
    ):
        camera.parts.put_nowait(one)
    async with asyncio.timeout(15):
        assert [await plates.get(), await plates.get()] == ["ABC1D23", "XYZ9A88"]
    assert b"codes=[TrafficJunction" in camera.requests[0].replace(b"%5B", b"[")
    assert b'username="admin"' in camera.requests[1]


async def test_a_stream_that_ends_is_opened_again(camera: Camera, plates: asyncio.Queue[str]) -> None:
    async with asyncio.timeout(20):
        for plate in ("ABC1D23", "XYZ9A88"):
            body = event(plate)
            camera.parts.put_nowait(part(body, len(body)))
            assert await plates.get() == plate
            camera.parts.put_nowait(None)


async def test_the_cameras_password_is_in_no_log(camera: Camera, plates: asyncio.Queue[str]) -> None:
    with structlog.testing.capture_logs() as logs:
        camera.parts.put_nowait(None)
        async with asyncio.timeout(15):
            while not logs:  # noqa: ASYNC110 - the log has no event to wait for
                await asyncio.sleep(0.05)
    assert "ss%3Aw" not in str(logs)
    assert PASSWORD not in str(logs)


@given(
    st.lists(st.sampled_from([HEARTBEAT, event("ABC1D23"), event("XYZ9A88")]), min_size=1, max_size=5),
    st.sampled_from([b"\r\n", b"\n"]),
    st.booleans(),
    st.integers(1, 400),
)
def test_parts_come_out_however_the_network_cuts_the_stream(
    bodies: list[bytes], end: bytes, with_length: bool, step: int
) -> None:
    stream = b"".join(part(body, len(body) if with_length else None, end) for body in bodies)
    stream += part(HEARTBEAT, 9, end)  # ends the last part that says no length
    splitter, found = Splitter(b"--myboundary"), []
    for start in range(0, len(stream), step):
        found += splitter.feed(stream[start : start + step])
    assert found == [*bodies, HEARTBEAT]


def test_a_stream_of_something_else_is_given_up() -> None:
    with pytest.raises(PartTooLarge):
        Splitter(b"--myboundary").feed(b"x" * (MAX_PART_BYTES + 1))
