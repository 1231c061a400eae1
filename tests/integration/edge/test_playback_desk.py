"""Who watches a recording by WebRTC is let go, with words, when there is nothing more for him."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from edge_agent.box import Box
from protocol.messages import DesiredUser
from tests.unit.edge.builders import NOON_US, SECOND, desired_state
from tests.unit.edge.conftest import box, video
from tests.unit.edge.console_rig import ANA, CAMERAS, NEW_PASSWORD, PASSWORD
from tests.unit.edge.test_playback_player import store_recording, until

__all__ = ["box", "video"]  # fixtures


class Browser:
    """A viewer of cam1's footage at noon."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channel: RTCDataChannel = self.peer.createDataChannel("control")
        self.told: list[dict[str, str]] = []
        self.channel.on("message", lambda message: self.told.append(json.loads(message)))

    async def watch(self, box: Box) -> str:
        """Ana's session, with which she watches."""
        _, session = box.authenticator.log_in("ana", PASSWORD)
        login = box.authenticator.login(session)
        self.peer.addTransceiver("video", direction="recvonly")
        await self.peer.setLocalDescription(await self.peer.createOffer())
        answer = await box.playback.offer(login, "cam1", NOON_US, self.peer.localDescription.sdp)
        await self.peer.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
        await until(lambda: any(message["do"] == "position" for message in self.told))
        return session


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    made = Browser()
    yield made
    await made.peer.close()


@pytest.mark.req("S4.6")
@pytest.mark.parametrize("people", [[NEW_PASSWORD], []], ids=["another password", "removed"])
async def test_a_viewer_is_ended_by_another_password_and_with_his_person(
    box: Box, video: Path, browser: Browser, people: list[DesiredUser]
) -> None:
    store_recording(box, video, NOON_US)
    await browser.watch(box)
    await box.playback.review()
    assert box.playback.sessions() == 1
    box.desired.receive(desired_state(2, cameras=CAMERAS, users=people))
    await box.playback.review()
    assert box.playback.sessions() == 0
    await until(lambda: browser.channel.readyState == "closed")


@pytest.mark.req("S4.6")
async def test_a_viewer_is_ended_by_the_logout(box: Box, video: Path, browser: Browser) -> None:
    store_recording(box, video, NOON_US)
    session = await browser.watch(box)
    box.authenticator.log_out(session)
    await box.playback.review()
    assert box.playback.sessions() == 0


@pytest.mark.req("S4.6")
async def test_a_viewer_of_footage_stays_when_its_camera_is_removed(
    box: Box, video: Path, browser: Browser
) -> None:
    store_recording(box, video, NOON_US)
    session = await browser.watch(box)
    box.desired.receive(desired_state(2, cameras=CAMERAS[1:], users=[ANA]))
    await box.playback.review()
    assert box.playback.sessions() == 1
    box.authenticator.log_out(session)
    await box.playback.review()


@pytest.mark.req("S4.6")
async def test_a_damaged_file_ends_the_session_with_words(box: Box, video: Path, browser: Browser) -> None:
    store_recording(box, video, NOON_US)
    damaged = store_recording(box, video, NOON_US + 10 * SECOND)
    damaged.write_bytes(b"\0" * damaged.stat().st_size)
    await browser.watch(box)
    browser.channel.send(json.dumps({"do": "speed", "rate": 16}))
    await until(lambda: browser.told[-1]["do"] == "error")
    assert "danificado" in browser.told[-1]["text"]
    await until(lambda: box.playback.sessions() == 0)
