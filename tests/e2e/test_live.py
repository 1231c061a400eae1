"""A camera live at the hub, in real browsers: by the relay and one uplink, also after the box was away."""

import os
import re
import signal
import time

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.system import DemoSystem
from tests.e2e.test_main_job import log_in, wait_until
from tests.e2e.video import burned_clock, picture, position_s

CAMERA = "Praça da Matriz"


def uplinks(system: DemoSystem) -> int:
    """How many boxes' connections the relay holds."""
    found: int = httpx.get(f"{system.relay_url}/healthz").json()["uplinks"]
    return found


def plays_live(video: Locator, within_s: float = 40) -> None:
    wait_until(lambda: position_s(video) > 0, within_s, "the camera plays")
    at_s, shown = position_s(video), picture(video)
    wait_until(lambda: position_s(video) > at_s + 1, 20, "the video goes on")
    assert (picture(video) != shown).any(), "the picture does not change"
    behind_s = time.time() - (burned_clock(video) or 0)
    assert behind_s < 6, f"{behind_s:.1f} s behind live"


@pytest.mark.req("E3", "S5.1")
def test_two_people_watch_one_camera_live_and_again_when_its_box_is_back(
    system: DemoSystem, page: Page, browser: Browser, screenshots: object
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Câmeras").click()
    clicked_mono = time.monotonic()
    page.get_by_role("button", name=f"Ver {CAMERA} ao vivo").click()
    video = page.get_by_test_id("live-video")
    plays_live(video)
    print(f"live {time.monotonic() - clicked_mono:.2f} s after the click")
    expect(page.locator('[data-testid="live-quality"][data-transport="webrtc"]')).to_be_visible(
        timeout=30_000
    )
    page.screenshot(path=f"{screenshots}/hub-live.png")
    wait_until(lambda: uplinks(system) == 1, 20, "one uplink")

    with browser.new_context(locale="pt-BR") as context:
        other = context.new_page()
        log_in(other, system.hub_url, "visualizador", system.password)
        expect(other.get_by_role("link", name="Câmeras")).to_be_visible()
        other.goto(page.url)  # the address that a colleague sends
        plays_live(other.get_by_test_id("live-video"))
        assert uplinks(system) == 1, "however many watch"

        assert system.edge is not None and system.edge.pid is not None
        os.kill(system.edge.pid, signal.SIGKILL)
        for shown in (page, other):
            expect(shown.get_by_role("status")).to_contain_text(re.compile("sem con"), timeout=60_000)
        page.screenshot(path=f"{screenshots}/hub-live-box-away.png")
        system.edge.start()
        for shown in (page, other):
            expect(shown.get_by_role("status")).to_have_count(0, timeout=60_000)
            plays_live(shown.get_by_test_id("live-video"))
        assert uplinks(system) == 1

    page.get_by_role("button", name="Baixa").click()
    expect(page).to_have_url(re.compile("aovivo=baixa"))
    plays_live(video)
    page.get_by_role("button", name="Fechar").click()
    wait_until(lambda: uplinks(system) == 0, 60, "nothing of the city leaves its box when nobody watches")
