"""A recording by WebRTC through the running box: pictures of the moment that was asked for."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from av import VideoFrame

from demo.clock_strip import read_clock
from tests.integration.edge.rig import BoxProcess, eventually

SDP = {"Content-Type": "application/sdp"}


@pytest.fixture
def guard(box: BoxProcess) -> Iterator[httpx.Client]:
    with box.log_in() as client:
        yield client


def footage(client: httpx.Client, seconds: int) -> datetime:
    """When the camera's newest unbroken footage of at least so many seconds began."""

    def long_enough() -> datetime | None:
        now = datetime.now(UTC)
        period = {"start": (now - timedelta(hours=1)).isoformat(), "end": now.isoformat()}
        spans = client.get("/api/cameras/cam1/timeline", params=period).json()["spans"]
        if not spans:
            return None
        start, end = (datetime.fromisoformat(spans[-1][edge]) for edge in ("start", "end"))
        return start if end - start > timedelta(seconds=seconds) else None

    return eventually(long_enough, within_s=40, what="footage")


async def play(client: httpx.Client, start: datetime) -> tuple[RTCPeerConnection, RTCDataChannel, str]:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", direction="recvonly")
    channel = peer.createDataChannel("control")
    await peer.setLocalDescription(await peer.createOffer())
    url = "/api/cameras/cam1/playback/whep"
    answer = await asyncio.to_thread(
        client.post, url, params={"start": start.isoformat()}, content=peer.localDescription.sdp, headers=SDP
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    await peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
    return peer, channel, answer.headers["Location"]


async def next_clock(peer: RTCPeerConnection) -> float:
    frame = await asyncio.wait_for(peer.getReceivers()[0].track.recv(), 10)
    assert isinstance(frame, VideoFrame)
    shown = read_clock(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    assert shown is not None
    return shown


@pytest.mark.req("S4.6")
async def test_a_recording_plays_from_where_it_was_asked_and_seeks(guard: httpx.Client) -> None:
    began = await asyncio.to_thread(footage, guard, 8)
    peer, channel, resource = await play(guard, began + timedelta(seconds=5))
    told: list[dict[str, str]] = []
    channel.on("message", lambda message: told.append(json.loads(message)))
    clocks = [await next_clock(peer) for _ in range(20)]
    asked = (began + timedelta(seconds=5)).timestamp()
    assert -2.5 < clocks[0] - asked < 1
    assert clocks == sorted(clocks)
    assert any(message["do"] == "position" for message in told)
    channel.send(json.dumps({"do": "seek", "at": (began + timedelta(seconds=1)).isoformat()}))
    for _ in range(60):
        if await next_clock(peer) < clocks[0]:
            break
    else:
        pytest.fail("the seek back was not obeyed")
    assert (await asyncio.to_thread(guard.delete, resource)).status_code == httpx.codes.OK
    await peer.close()


def test_a_moment_without_footage_is_said_so(guard: httpx.Client) -> None:
    answer = guard.post(
        "/api/cameras/cam1/playback/whep",
        params={"start": "2100-01-01T00:00:00Z"},
        content="v=0",
        headers=SDP,
    )
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "Não há gravação" in answer.json()["detail"]
