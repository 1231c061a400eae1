"""The console's recording player in a real browser: WebRTC with seek, pause and speed; HLS without it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from demo.media_files import Media, make_media
from demo.rtsp_server import LoopedFile, RtspCameras
from protocol.messages import DesiredCamera
from tests.integration.edge.browser import console_page
from tests.integration.edge.playback_rig import (
    NO_WEBRTC,
    footage_since,
    open_recording,
    picture_clock,
    seek,
    shows,
    still_picture_clock,
)
from tests.integration.edge.rig import BoxProcess, Pki, desired, eventually


@pytest.fixture(scope="module")
def start(box: BoxProcess) -> datetime:
    """When footage of at least 25 s began."""
    return footage_since(box, "cam1", 25)


@pytest.fixture
def page(box: BoxProcess) -> Iterator[Page]:
    with console_page(box.console_url) as made:
        yield made


@pytest.mark.req("S7.3")
def test_a_recording_plays_by_webrtc_and_obeys(box: BoxProcess, start: datetime, page: Page) -> None:
    open_recording(page, box, start + timedelta(seconds=2))
    video = page.locator("[data-testid=player-video]")
    eventually(lambda: shows(page, start + timedelta(seconds=3)), what="the moment that was asked for")
    assert video.get_attribute("data-engine") == "webrtc"

    page.get_by_role("button", name="Pausar").click()
    target = start + timedelta(seconds=12)
    seek(page, target)
    eventually(lambda: shows(page, target), what="the picture sought while paused")
    shown = still_picture_clock(page)
    time.sleep(1)
    assert picture_clock(page) == shown, "it is paused"

    seek(page, start)
    page.get_by_role("button", name="16x").click()
    page.get_by_role("button", name="Reproduzir").click()
    began = time.monotonic()
    eventually(lambda: (clock := picture_clock(page)) and clock > start.timestamp() + 16, what="16 s at 16x")
    assert time.monotonic() - began < 8


@pytest.mark.req("S7.3")
def test_where_webrtc_does_not_get_through_hls_plays_the_same_moment(
    box: BoxProcess, start: datetime, page: Page
) -> None:
    page.add_init_script(NO_WEBRTC)
    open_recording(page, box, start + timedelta(seconds=5))
    video = page.locator("[data-testid=player-video]")
    eventually(lambda: shows(page, start + timedelta(seconds=6)), what="the moment that was asked for")
    assert video.get_attribute("data-engine") == "hls"


@pytest.mark.req("S7.3")
def test_a_session_that_is_ended_goes_on_by_hls_and_comes_back_when_chosen(
    box: BoxProcess, start: datetime, page: Page
) -> None:
    page.add_init_script(
        """const Peer = window.RTCPeerConnection;
           window.RTCPeerConnection = class extends Peer {
             constructor() { super(); window.peer_ = this; }
           };"""
    )
    open_recording(page, box, start + timedelta(seconds=2))
    eventually(lambda: shows(page, start + timedelta(seconds=3)), what="a picture by WebRTC")
    video = page.locator("[data-testid=player-video]")
    page.evaluate("window.peer_.close()")
    eventually(
        lambda: video.get_attribute("data-engine") == "hls" and picture_clock(page), what="HLS in its place"
    )
    page.get_by_role("button", name="WebRTC").click()
    eventually(
        lambda: video.get_attribute("data-engine") == "webrtc" and picture_clock(page), what="WebRTC again"
    )


@pytest.fixture
def other_cameras(tmp_path: Path, pki: Pki) -> Iterator[BoxProcess]:
    """A box whose cam1 sends H.265, and cam2 H.264 with G.711."""
    medias = {"h265": Media("h265"), "sound": Media(audio="pcma")}
    files = {
        name: LoopedFile(make_media(tmp_path / f"{name}.mp4", media), media.declared_fps)
        for name, media in medias.items()
    }
    with RtspCameras(files) as running:
        cameras = [
            DesiredCamera(id=f"cam{number}", name=name, rtsp_url=running.url(name))
            for number, name in enumerate(files, 1)
        ]
        made = BoxProcess(tmp_path / "box", pki, desired(1, *cameras))
        with made.process:
            yield made


def recorded_since(box: BoxProcess, camera_id: str) -> datetime:
    with box.log_in() as client:

        def spans() -> list[dict[str, str]]:
            now = datetime.now(UTC)
            period = {"start": (now - timedelta(hours=1)).isoformat(), "end": now.isoformat()}
            found: list[dict[str, str]] = client.get(
                f"/api/cameras/{camera_id}/timeline", params=period
            ).json()["spans"]
            return found

        return datetime.fromisoformat(eventually(spans, what="footage")[0]["start"])


@pytest.mark.req("S7.3")
def test_h265_is_explained_where_the_browser_lacks_it_and_sound_is_heard_by_hls(
    other_cameras: BoxProcess,
) -> None:
    with console_page(other_cameras.console_url) as page:
        assert not page.evaluate("MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L93.B0\"')")
        since = recorded_since(other_cameras, "cam1").isoformat().replace("+00:00", "Z")
        page.goto(f"{other_cameras.console_url}/?camera=cam1&desde={since}")
        card = page.locator("[data-testid=player-error]")
        card.wait_for()
        assert card.get_attribute("data-kind") == "codec"
        assert "exporte um recorte" in card.inner_text()

        since = recorded_since(other_cameras, "cam2").isoformat().replace("+00:00", "Z")
        page.goto(f"{other_cameras.console_url}/?camera=cam2&desde={since}")
        video = page.locator("[data-testid=player-video]")
        page.get_by_role("button", name="Ligar o som").click()
        assert video.get_attribute("data-engine") == "hls"
        eventually(lambda: video.evaluate("(v) => v.webkitAudioDecodedByteCount > 0"), what="decoded sound")
        assert video.evaluate("(v) => v.muted") is False
