"""A guard who looks for one picture, in a real browser: to and fro by single pictures, and fast or slow."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.integration.edge.browser import console_page
from tests.integration.edge.playback_rig import (
    NO_WEBRTC,
    footage_since,
    open_recording,
    picture_clock,
    recorded_clocks,
    shows,
    still_picture_clock,
)
from tests.integration.edge.rig import BoxProcess, eventually

#: Longer than any two pictures of the test camera are apart, shorter than three.


@pytest.fixture(scope="module")
def start(box: BoxProcess) -> datetime:
    return footage_since(box, "cam1", 15)


@pytest.fixture(params=["webrtc", "hls"])
def page(request: pytest.FixtureRequest, box: BoxProcess, start: datetime) -> Iterator[Page]:
    """A recording on screen that has been paused."""
    with console_page(box.console_url) as made:
        if request.param == "hls":
            made.add_init_script(NO_WEBRTC)
        open_recording(made, box, start + timedelta(seconds=4))
        eventually(lambda: shows(made, start + timedelta(seconds=5)), what="the recording")
        expect(made.get_by_test_id("player-video")).to_have_attribute("data-engine", request.param)
        made.get_by_role("button", name="Pausar").click()
        made.locator("h2").click()  # the focus is on no button
        yield made


def stepped(page: Page, key: str) -> float:
    """The clock of the picture that a key brings; by WebRTC what leads to it passes before."""
    before = picture_clock(page)
    page.keyboard.press(key)
    eventually(lambda: picture_clock(page) != before, what="another picture")
    return still_picture_clock(page)


@pytest.mark.req("S7.3")
def test_each_key_shows_the_next_or_the_last_picture_and_leaves_out_none(
    page: Page, box: BoxProcess, start: datetime
) -> None:
    shown = [still_picture_clock(page)]
    shown += [stepped(page, ".") for _ in range(8)]
    recorded = recorded_clocks(box, "cam1", start, 15)
    first = recorded.index(shown[0])
    assert shown == recorded[first : first + 9]
    assert [stepped(page, ",") for _ in range(8)] == shown[-2::-1], "and the same ones back"
    page.get_by_role("button", name="Imagem seguinte").click()
    eventually(lambda: picture_clock(page) == shown[1], what="the same by the button")


@pytest.mark.req("S7.3")
def test_sixteen_times_as_fast_is_there_by_either_way_of_playing(page: Page, start: datetime) -> None:
    """HLS stops at 4x: where WebRTC gets through it goes on by that."""
    page.keyboard.press("Space")
    blocked = page.evaluate("() => { try { new RTCPeerConnection(); } catch { return true; } }")
    faster = page.get_by_role("group", name="Velocidade").get_by_role("button")
    fastest = "4x" if blocked else "16x"
    eventually(lambda: faster.last.inner_text() == fastest, what="the speeds")
    began = picture_clock(page) or 0.0
    for _ in range(6):
        page.keyboard.press("+")
    expect(faster.last).to_have_attribute("aria-pressed", "true")
    eventually(lambda: (picture_clock(page) or 0) > began + 6, what="6 s further")
    for _ in range(8):
        page.keyboard.press("-")
    expect(faster.first).to_have_attribute("aria-pressed", "true")
