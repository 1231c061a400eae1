"""How a relay session ends: by the box, by the hub, by time, or because one of them sends nonsense."""

import asyncio
from http import HTTPStatus

import httpx
import pytest
import redis
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from central_hub.relay.closings import announce
from central_hub.relay.tokens import Audience
from demo.ports import LOOPBACK
from edge_agent.recording.index import RecordingIndex
from protocol.uplink import Chunk, GetPlaylist, Head, decode_from_relay, encode
from tests.integration.edge.relay_rig import (
    RelayProcess,
    box_dialled_in,
    dialled,
    get,
    order,
)

BROKEN_UTF8 = b"\x83\xa4type\xa4head\xa7request\x01\xa6detail\xa1\xff"


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
            asking = asyncio.create_task(get(viewer, "segments/1.mp4", Range="bytes=0-99"))
            request = decode_from_relay(bytes(await box.recv(decode=False))).request
            await box.send(encode(Head(request, 206, "video/mp4")))
            await box.send(encode(Chunk(request, b"half")))
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
        asked = order(fake, session)
        uplink = await dialled(index, asked)
        async with asyncio.timeout(10):
            await uplink.serve(asked.expires_at)
            await closed.wait()
