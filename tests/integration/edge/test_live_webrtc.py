"""Live by WebRTC through the running box: the camera's own packets reach a viewer within half a second."""

import asyncio
import io
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import av
import httpx
import msgspec
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av import VideoFrame

from demo.cameras import SimulatedCameras
from demo.clock_strip import read_clock
from tests.integration.edge.rig import BoxProcess, Pki, camera, desired, eventually, fetch_media

SDP = {"Content-Type": "application/sdp"}


@pytest.fixture
def guard(box: BoxProcess) -> Iterator[httpx.Client]:
    with box.log_in() as client:
        eventually(lambda: client.get("/api/cameras").json()[0]["state"] == "online", what="camera online")
        yield client


def qualities(client: httpx.Client) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get("/api/cameras/cam1/live").json()["qualities"]
    return found


@asynccontextmanager
async def viewer(client: httpx.Client, quality: int = 0) -> AsyncIterator[tuple[RTCPeerConnection, str]]:
    """A connected viewer and its WHEP resource."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription(await peer.createOffer())
    answer = await asyncio.to_thread(
        client.post, qualities(client)[quality]["whep_url"], content=peer.localDescription.sdp, headers=SDP
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    await peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    yield peer, answer.headers["Location"]
    await peer.close()


async def next_delay(peer: RTCPeerConnection) -> float:
    """Seconds between the clock in the next picture and now."""
    frame = await asyncio.wait_for(peer.getReceivers()[0].track.recv(), 10)
    assert isinstance(frame, VideoFrame)
    shown = read_clock(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    assert shown is not None
    return time.time() - shown


async def delays(peer: RTCPeerConnection) -> list[float]:
    return [await next_delay(peer) for _ in range(60)]


@pytest.mark.req("S4.5")
async def test_viewers_share_the_cameras_packets_within_half_a_second(guard: httpx.Client) -> None:
    async with viewer(guard) as (first, _), viewer(guard) as (second, _):
        both = await asyncio.gather(delays(first), delays(second))
        for seen in both:
            assert np.median(seen[-20:]) < 0.5, seen


async def test_a_viewer_who_hangs_up_is_sent_nothing_more(guard: httpx.Client) -> None:
    async with viewer(guard) as (peer, resource):
        await next_delay(peer)
        assert (await asyncio.to_thread(guard.delete, resource)).status_code == httpx.codes.OK
        deadline = time.monotonic() + 10
        while peer.connectionState != "closed":
            assert time.monotonic() < deadline, peer.connectionState
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def two_streams(
    pki: Pki, cameras: SimulatedCameras, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Somebody logged in at a box whose camera has a second stream."""
    known = camera("cam1", cameras.rtsp_port, "street")
    state = desired(1, msgspec.structs.replace(known, sub_rtsp_url=f"{known.rtsp_url}/sub"))
    own = BoxProcess(tmp_path_factory.mktemp("box"), pki, state)
    with own.process, own.log_in() as client:
        yield client


async def test_the_second_stream_is_pulled_while_it_is_watched(two_streams: httpx.Client) -> None:
    assert [quality["name"] for quality in qualities(two_streams)] == ["main", "sub"]
    async with viewer(two_streams, quality=1) as (peer, _):
        assert np.median((await delays(peer))[-20:]) < 0.5


@pytest.mark.req("S5.1")
def test_a_player_adapts_between_both_streams_by_hls(two_streams: httpx.Client) -> None:
    eventually(lambda: two_streams.get("/api/cameras").json()[0]["state"] == "online", what="online")
    url = two_streams.get("/api/cameras/cam1/live").json()["adaptive_url"]

    def both() -> str | None:
        answer = two_streams.get(url)
        return answer.text if answer.text.count("#EXT-X-STREAM-INF") == 2 else None

    multivariant = eventually(both, what="both streams have pictures")
    assert re.findall(r'CODECS="avc1\.\w+",RESOLUTION=(\d+x\d+)', multivariant) == ["640x360", "320x180"]
    for name, size in (("main", (640, 360)), ("sub", (320, 180))):
        media_url = f"{url.rpartition('/')[0]}/{name}/media.m3u8"
        playlist = two_streams.get(media_url).text
        with av.open(io.BytesIO(fetch_media(two_streams, media_url, playlist))) as shown:
            frame = next(shown.decode(video=0))
        assert (frame.width, frame.height) == size
