"""People who watch a camera of a box through the relay, by WebRTC as aiortc does it and by HLS."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av import VideoFrame
from redis import Redis

from central_hub.relay.tokens import Audience, issue, live_uplink
from central_hub.relay.watching import box_is_to_dial
from demo.clock_strip import read_clock
from passthrough.whep import SDP
from protocol.messages import Command, OpenLive
from protocol.topics import Stream
from tests.integration.edge.relay_rig import SECRET, RelayProcess
from tests.integration.edge.rig import BoxProcess, HubClient

CAMERA = "cam1"


def live_order(relay: RelayProcess, camera: str, seconds: float = 120) -> OpenLive:
    """What the hub sends to the box."""
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    uplink = live_uplink(camera)
    return OpenLive(uplink, relay.uplink_url, relay.token(Audience.UPLINK, uplink, seconds), camera, until)


def live_url(
    relay: RelayProcess,
    camera: str,
    session: str,
    qualities: Iterable[str] = ("main", "sub"),
    seconds: float = 120,
) -> str:
    """What the hub gives a viewer; the qualities are below it."""
    ends_at = datetime.now(UTC) + timedelta(seconds=seconds)
    uplink = live_uplink(camera)
    token = issue(SECRET, Audience.LIVE_VIEWER, session, ends_at, uplink=uplink, qualities=list(qualities))
    return f"{relay.url}/v1/live/{token}"


class Refused(Exception):
    """The relay's answer to an offer that it does not take."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(answer.text)
        self.status = answer.status_code
        self.detail: str = answer.json()["detail"]


class Viewer:
    """One who watches; `resource` is where he hangs up."""

    def __init__(self, peer: RTCPeerConnection, resource: str) -> None:
        self.peer = peer
        self.resource = resource

    async def clock(self) -> float:
        """The camera's clock in the next picture, Unix seconds."""
        frame = await asyncio.wait_for(self.peer.getReceivers()[0].track.recv(), 10)
        assert isinstance(frame, VideoFrame)
        shown = read_clock(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
        assert shown is not None
        return shown

    async def ended(self) -> None:
        """Wait until the relay has ended it."""
        async with asyncio.timeout(20):
            while self.peer.connectionState != "closed":  # noqa: ASYNC110 - aiortc has no such event
                await asyncio.sleep(0.05)


@asynccontextmanager
async def watching(
    url: str, quality: str = "main", ice: RTCConfiguration | None = None
) -> AsyncIterator[Viewer]:
    """A viewer whose offer was answered. Raises Refused."""
    peer = RTCPeerConnection(ice or RTCConfiguration(iceServers=[]))
    try:
        peer.addTransceiver("video", direction="recvonly")
        await peer.setLocalDescription(await peer.createOffer())
        offer = peer.localDescription.sdp
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.post(f"{url}/{quality}/whep", content=offer, headers={"Content-Type": SDP})
        if answer.status_code != httpx.codes.CREATED:
            raise Refused(answer)
        await peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        yield Viewer(peer, str(answer.url.join(answer.headers["Location"])))
    finally:
        await peer.close()


async def fetch(url: str, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.get(f"{url}/{path}", headers=headers)


class City:
    """A box with one camera of two streams, in contact with its hub."""

    def __init__(self, box: BoxProcess, hub: HubClient, relay: RelayProcess) -> None:
        self.box, self.hub, self.relay = box, hub, relay

    def order(self, camera_id: str = CAMERA) -> None:
        """As the hub does: the box is asked to dial where it has not."""
        if not box_is_to_dial(self.redis, live_uplink(camera_id)):
            return
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        action = live_order(self.relay, camera_id)
        self.hub.send(Stream.CMD, Command(uuid4().hex, deadline, "ana", action))

    @property
    def redis(self) -> Redis:
        return Redis.from_url(self.relay.redis_url)

    def uplinks(self) -> int:
        found: int = httpx.get(f"{self.relay.url}/healthz").json()["uplinks"]
        return found

    def dialled(self) -> int:
        """How often the box has."""
        return self.box.log_text().count("uplink_opened")
