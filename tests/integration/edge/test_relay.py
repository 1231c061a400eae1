"""Remote playback over real sockets: viewer, relay process, Redis, and the box's uplink."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import redis
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from central_hub.relay.closings import announce
from central_hub.relay.tokens import Audience, issue
from demo.cameras import SimulatedCameras
from demo.engines import OwnedProcess, Redis
from demo.ports import LOOPBACK, free_port
from edge_agent.clock import to_datetime
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import repair
from edge_agent.store import Store
from edge_agent.sync.uplink import Uplink, UplinkRefused
from protocol.messages import Command, OpenUplink, Reply, decode
from protocol.topics import Stream
from protocol.uplink import Chunk, GetPlaylist, Head, decode_from_relay, encode
from tests.integration.edge.rig import (
    SECOND,
    BoxProcess,
    HubClient,
    Pki,
    camera,
    clocks,
    desired,
    eventually,
    fetch_media,
    make_broker,
    media_of,
)
from tests.unit.edge.builders import NOON_US, make_video, record

SECRET = "s" * 32
BROKEN_UTF8 = b"\x83\xa4type\xa4head\xa7request\x01\xa6detail\xa1\xff"
HUB_ORIGIN = "https://hub.example"


@dataclass
class RelayProcess:
    url: str
    redis_url: str

    def token(self, audience: Audience, session: str, seconds: float = 60) -> str:
        return issue(SECRET, audience, session, datetime.now(UTC) + timedelta(seconds=seconds))

    def viewer(self, session: str) -> httpx.Client:
        token = self.token(Audience.VIEWER, session)
        return httpx.Client(
            base_url=f"{self.url}/v1/sessions/{session}",
            headers={"Authorization": f"Bearer {token}", "Origin": HUB_ORIGIN},
            timeout=30,
        )

    @property
    def uplink_url(self) -> str:
        return f"{self.url.replace('http', 'ws')}/uplink"

    def uplinks(self) -> int:
        count: int = httpx.get(f"{self.url}/healthz").json()["uplinks"]
        return count


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    folder = tmp_path_factory.mktemp("relay")
    port = free_port()
    with Redis(folder / "redis") as engine:
        made = RelayProcess(f"http://{LOOPBACK}:{port}", engine.url)
        argv = ["-m", "uvicorn", "central_hub.relay.app:create_app", "--factory"]
        environment = {
            **os.environ,
            "GTV_RELAY_SECRET": SECRET,
            "GTV_REDIS_URL": engine.url,
            "GTV_PUBLIC_URL": HUB_ORIGIN,
        }
        process = OwnedProcess(
            "relay",
            [sys.executable, *argv, "--host", LOOPBACK, "--port", str(port)],
            log=folder / "relay.log",
            env=environment,
            ready=lambda: answers(f"{made.url}/healthz"),
        )
        with process:
            yield made


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordingIndex]:
    """A camera with ten seconds of footage at noon, and ten more a minute later."""
    folder = tmp_path_factory.mktemp("box")
    day = folder / "recordings" / "cam1" / "2025-11-24"
    day.mkdir(parents=True)
    source = make_video(folder / "source.mp4", seconds=10)
    record(source, day / f"{NOON_US}.mp4")
    shutil.copy(day / f"{NOON_US}.mp4", day / f"{NOON_US + 60 * SECOND}.mp4")
    store = Store(folder / "edge.db")
    made = RecordingIndex(store, folder / "recordings", HealthBoard(store))
    assert repair(made) == (2, 0)
    yield made
    store.close()


def order(
    relay: RelayProcess, session: str, token: str = "", start_s: float = 0, end_s: float = 5
) -> OpenUplink:
    return OpenUplink(
        session=session,
        url=relay.uplink_url,
        token=token or relay.token(Audience.UPLINK, session),
        camera="cam1",
        start=to_datetime(NOON_US + int(start_s * SECOND)),
        end=to_datetime(NOON_US + int(end_s * SECOND)),
        expires_at=datetime.now(UTC) + timedelta(seconds=60),
    )


@asynccontextmanager
async def box_dialled_in(
    relay: RelayProcess, index: RecordingIndex, asked: OpenUplink
) -> AsyncIterator[asyncio.Task[None]]:
    uplink = Uplink(index, asked)
    serving = asyncio.create_task(uplink.serve(await uplink.open()))
    try:
        yield serving
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


@pytest.fixture
def session() -> str:
    return uuid4().hex


async def get(viewer: httpx.Client, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=viewer.base_url, headers=viewer.headers, timeout=30) as client:
        return await client.get(path, headers=headers)


# --- what a viewer sees ------------------------------------------------------------------


async def test_a_recording_plays_through_the_relay(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            answer = await get(viewer, "playback.m3u8")
            assert answer.status_code == HTTPStatus.OK
            assert answer.headers["content-type"].startswith("application/vnd.apple.mpegurl")
            assert answer.headers["access-control-allow-origin"] == HUB_ORIGIN
            media = await asyncio.to_thread(fetch_media, viewer, f"{viewer.base_url}x.m3u8", answer.text)
    (segment,) = index.footage("cam1", NOON_US, NOON_US + 5 * SECOND)
    file = (index.folder / segment.path).read_bytes()
    assert media == file[: segment.size_bytes], "not a byte was changed on the way"


async def test_viewers_share_one_uplink(relay: RelayProcess, index: RecordingIndex, session: str) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            answers = await asyncio.gather(*(get(viewer, "playback.m3u8") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    assert len({answer.text for answer in answers}) == 1


async def test_a_viewer_may_come_before_the_box_has_dialled_in(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    with relay.viewer(session) as viewer:
        waiting = asyncio.create_task(get(viewer, "playback.m3u8"))
        await asyncio.sleep(0)
        async with box_dialled_in(relay, index, order(relay, session)):
            assert (await waiting).status_code == HTTPStatus.OK


async def test_bytes_outside_the_period_are_refused_by_the_box(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    (whole,) = index.footage("cam1", NOON_US, NOON_US + 10 * SECOND)
    late = whole.fragments[8]
    other = NOON_US + 60 * SECOND
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            outside = f"bytes={late.offset}-{late.offset + late.size_bytes - 1}"
            refused = await get(viewer, f"segments/{NOON_US}.mp4", Range=outside)
            assert refused.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            assert "período" in refused.json()["detail"]
            foreign = await get(viewer, f"segments/{other}.mp4", Range="bytes=0-99")
            assert foreign.status_code == HTTPStatus.NOT_FOUND
            for header in ({}, {"Range": "bytes=0-"}, {"Range": "bytes=9-1"}):
                answer = await get(viewer, f"segments/{NOON_US}.mp4", **header)
                assert answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            absurd = await get(viewer, f"segments/{10**30}.mp4", Range="bytes=0-9")
            assert absurd.is_client_error


async def test_a_period_without_footage_is_said_in_portuguese(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session, start_s=-100, end_s=-50)):
        with relay.viewer(session) as viewer:
            answer = await get(viewer, "playback.m3u8")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Não há gravação")


# --- who may ------------------------------------------------------------------------------


async def test_a_token_of_another_session_or_kind_opens_nothing(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    wrong = [
        f"Bearer {relay.token(Audience.VIEWER, 'another-session')}",
        f"Bearer {relay.token(Audience.UPLINK, session)}",
        f"Bearer {relay.token(Audience.VIEWER, session, seconds=-5)}",
        "",
    ]
    async with box_dialled_in(relay, index, order(relay, session)):
        with relay.viewer(session) as viewer:
            for authorization in wrong:
                for path in ("playback.m3u8", f"segments/{NOON_US}.mp4"):
                    answer = await get(viewer, path, Authorization=authorization, Range="bytes=0-9")
                    assert answer.status_code == HTTPStatus.UNAUTHORIZED
                    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_uplink_token_is_good_for_one_connection(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    asked = order(relay, session)
    async with box_dialled_in(relay, index, asked):
        pass
    with pytest.raises(UplinkRefused):
        await Uplink(index, asked).open()


async def test_a_second_uplink_of_a_session_does_not_replace_the_first(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    async with box_dialled_in(relay, index, order(relay, session)):
        second = Uplink(index, order(relay, session))
        async with asyncio.timeout(10):
            await second.serve(await second.open())  # returns: the relay hung up
        with relay.viewer(session) as viewer:
            assert (await get(viewer, "playback.m3u8")).status_code == HTTPStatus.OK


@pytest.mark.parametrize("kind", ["none", "viewer", "expired"])
async def test_an_uplink_without_its_token_is_refused(relay: RelayProcess, session: str, kind: str) -> None:
    headers = {
        "none": {},
        "viewer": {"Authorization": f"Bearer {relay.token(Audience.VIEWER, session)}"},
        "expired": {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session, seconds=-5)}"},
    }[kind]
    with pytest.raises(InvalidStatus) as refused:
        await connect(relay.uplink_url, additional_headers=headers)
    assert refused.value.response.status_code == HTTPStatus.FORBIDDEN


# --- how it ends ---------------------------------------------------------------------------


async def test_a_box_that_hangs_up_midway_is_a_clear_problem(relay: RelayProcess, session: str) -> None:
    headers = {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session)}"}
    async with connect(relay.uplink_url, additional_headers=headers) as box:
        with relay.viewer(session) as viewer:
            asking = asyncio.create_task(get(viewer, "playback.m3u8"))
            frame = decode_from_relay(bytes(await box.recv(decode=False)))
            assert isinstance(frame, GetPlaylist)
            await box.close()
            answer = await asking
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["content-type"] == "application/problem+json"
    assert "caixa" in answer.json()["detail"]


async def test_a_body_that_breaks_off_is_never_a_whole_one(relay: RelayProcess, session: str) -> None:
    headers = {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session)}"}
    async with connect(relay.uplink_url, additional_headers=headers) as box:
        with relay.viewer(session) as viewer:
            asking = asyncio.create_task(get(viewer, "playback.m3u8"))
            request = decode_from_relay(bytes(await box.recv(decode=False))).request
            await box.send(encode(Head(request, 200, "application/vnd.apple.mpegurl")))
            await box.send(encode(Chunk(request, b"#EXTM3U\n")))
            await box.close()
            with pytest.raises(httpx.RemoteProtocolError):
                await asking


@pytest.mark.parametrize("nonsense", [b"\xff\xff", b"", "text", BROKEN_UTF8])
async def test_a_box_that_sends_nonsense_is_hung_up(
    relay: RelayProcess, session: str, nonsense: bytes | str
) -> None:
    headers = {"Authorization": f"Bearer {relay.token(Audience.UPLINK, session)}"}
    async with connect(relay.uplink_url, additional_headers=headers) as box:
        await box.send(nonsense)
        async with asyncio.timeout(10):
            with pytest.raises(ConnectionClosed) as closed:
                await box.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008, "policy violation"


async def test_the_hub_can_close_a_session_before_its_time(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    def close() -> None:
        with redis.Redis.from_url(relay.redis_url) as client:
            announce(client, session)

    async with box_dialled_in(relay, index, order(relay, session)) as serving:
        with relay.viewer(session) as viewer:
            assert (await get(viewer, "playback.m3u8")).status_code == HTTPStatus.OK
        await asyncio.to_thread(close)
        async with asyncio.timeout(10):
            await serving  # ends by itself: the relay hung up


async def test_an_uplink_ends_with_its_token(
    relay: RelayProcess, index: RecordingIndex, session: str
) -> None:
    token = relay.token(Audience.UPLINK, session, seconds=2)
    async with box_dialled_in(relay, index, order(relay, session, token)) as serving, asyncio.timeout(10):
        await serving


async def test_a_box_ends_an_uplink_that_sends_it_nonsense(index: RecordingIndex, session: str) -> None:
    """The box trusts the relay no more than the relay trusts the box."""
    closed = asyncio.Event()

    async def hostile(connection: ServerConnection) -> None:
        await connection.send(b"\xff\xff")
        await connection.wait_closed()
        closed.set()

    async with serve(hostile, LOOPBACK, 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        fake = RelayProcess(f"http://{LOOPBACK}:{port}", "")
        uplink = Uplink(index, order(fake, session))
        connection = await uplink.open()
        async with asyncio.timeout(10):
            await uplink.serve(connection)
            await closed.wait()


# --- all together ----------------------------------------------------------------------------


def test_the_hub_orders_by_mqtt_and_the_viewer_sees_the_street(
    relay: RelayProcess, pki: Pki, cameras: SimulatedCameras, tmp_path: Path, session: str
) -> None:
    port = free_port()
    box = BoxProcess(tmp_path / "box", pki, desired(1, camera("cam1", cameras.rtsp_port, "street")), port)
    with make_broker(pki, tmp_path / "broker", port), box.process, box.log_in() as guard:
        hub = HubClient(pki, port)
        try:
            eventually(lambda: guard.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 4)
            eventually(lambda: guard.get("/api/status").json()["online_with_hub"])
            now = datetime.now(UTC)
            action = OpenUplink(
                session=session,
                url=relay.uplink_url,
                token=relay.token(Audience.UPLINK, session),
                camera="cam1",
                start=now - timedelta(minutes=1),
                end=now,
                expires_at=now + timedelta(minutes=1),
            )
            deadline = now + timedelta(seconds=20)
            began = time.monotonic()
            hub.send(Stream.CMD, Command(id="k1", deadline=deadline, requester="ana", action=action))
            with relay.viewer(session) as viewer:
                playlist = viewer.get("playback.m3u8").text
                first_uri, first_range = next(media_of(playlist))
                assert viewer.get(first_uri, headers={"Range": first_range}).is_success
                assert time.monotonic() - began < 8.0
                shown = clocks(fetch_media(viewer, f"{viewer.base_url}x.m3u8", playlist))
            assert len(shown) > 24
            assert shown == sorted(shown)
            payload = eventually(lambda: hub.latest.get(Stream.REPLY))
            assert decode(payload, Reply) == Reply(command="k1", ok=True)
        finally:
            hub.close()
    assert relay.token(Audience.UPLINK, session)[:20] not in box.log_text()
