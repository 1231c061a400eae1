"""Live by WebRTC through the running box: the camera's own packets reach a viewer within half a second."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av import VideoFrame

from demo.cameras import SimulatedCameras
from demo.clock_strip import read_clock
from tests.integration.edge.rig import BoxProcess, Pki, camera, desired, eventually

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


async def test_the_second_stream_is_pulled_while_it_is_watched(
    pki: Pki, cameras: SimulatedCameras, tmp_path: Path
) -> None:
    known = camera("cam1", cameras.rtsp_port, "street")
    state = desired(1, msgspec.structs.replace(known, sub_rtsp_url=known.rtsp_url))
    own = BoxProcess(tmp_path, pki, state)
    with own.process, own.log_in() as client:
        assert [quality["name"] for quality in qualities(client)] == ["main", "sub"]
        async with viewer(client, quality=1) as (peer, _):
            assert np.median((await delays(peer))[-20:]) < 0.5
