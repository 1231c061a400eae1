"""Recordings of several cameras at one clock, in a real browser that shows what is burned into them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from demo.cameras import CameraSpec, SimulatedCameras
from tests.integration.edge.browser import console_page
from tests.integration.edge.playback_rig import footage_since, picture_clocks
from tests.integration.edge.rig import LPR_SECRET, BoxProcess, Pki, camera, desired, eventually

CAMERAS = ("cam1", "cam2", "cam3", "cam4")
#: Between any two pictures, in seconds.
MOST_APART_S = 0.2


@pytest.fixture(scope="module")
def four(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoxProcess]:
    """A box with three cameras that work; nothing was ever recorded of the fourth."""
    specs = [CameraSpec(f"street{n}", f"Rua {n}", f"cam{n}", LPR_SECRET) for n in (1, 2, 3)]
    with SimulatedCameras(specs) as running:
        state = desired(1, *(camera(f"cam{n}", running.rtsp_port, f"street{n}") for n in (1, 2, 3, 4)))
        made = BoxProcess(tmp_path_factory.mktemp("four"), pki, state)
        with made.process:
            yield made


@pytest.fixture(scope="module")
def start(four: BoxProcess) -> datetime:
    return max(footage_since(four, name, 40) for name in CAMERAS[:3])


@pytest.fixture
def page(four: BoxProcess, start: datetime) -> Iterator[Page]:
    with console_page(four.console_url) as made:
        made.set_viewport_size({"width": 1366, "height": 768})
        since = (start + timedelta(seconds=2)).isoformat().replace("+00:00", "Z")
        made.goto(f"{four.console_url}/?juntas={','.join(CAMERAS)}&desde={since}")
        eventually(lambda: len(shown(made)) == 3, what="three pictures")
        yield made


def shown(page: Page) -> list[float]:
    """The clocks of the cameras that have a picture on screen."""
    tiles = page.get_by_test_id("together-tile").evaluate_all("(all) => all.map((t) => t.dataset.status)")
    clocks = picture_clocks(page)
    return [clock for clock, tile in zip(clocks, tiles, strict=False) if clock and tile == "shown"]


def apart(clocks: list[float]) -> float:
    return max(clocks) - min(clocks)


def settled(page: Page) -> bool:
    clocks = shown(page)
    return len(clocks) == 3 and apart(clocks) < MOST_APART_S


def median_apart(page: Page, seconds: int = 4) -> float:
    """Of looks at all pictures in the same instant, ten a second."""
    looks = []
    for _ in range(seconds * 10):
        if len(clocks := shown(page)) == 3:
            looks.append(apart(clocks))
        page.wait_for_timeout(100)
    assert len(looks) > seconds * 5, "they play"
    return sorted(looks)[len(looks) // 2]


@pytest.mark.req("S7.3", "S9.1")
def test_cameras_play_at_one_clock_and_obey_together(page: Page, start: datetime) -> None:
    eventually(lambda: settled(page), what="pictures of one moment")
    before = shown(page)
    assert median_apart(page) < MOST_APART_S
    assert min(shown(page)) > max(before), "they play"
    page.screenshot(path=".run/console-together.png")

    none = page.get_by_test_id("together-tile").nth(3)
    expect(none).to_have_attribute("data-status", "none")
    expect(none).to_contain_text("Sem gravação neste instante")
    expect(page.get_by_test_id("timeline-lane")).to_have_count(4)

    page.locator("h2").click()
    page.keyboard.press("Space")
    eventually(lambda: at_rest(page), what="all of them pause")

    at = start + timedelta(seconds=20)
    page.keyboard.press("g")
    page.get_by_role("dialog").get_by_role("textbox").fill(
        (at.astimezone(UTC) - timedelta(hours=3)).strftime("%H:%M:%S")
    )
    page.keyboard.press("Enter")
    eventually(lambda: near(page, at), what="all of them at the moment")
    eventually(lambda: at_rest(page), what="the pictures of that moment")

    resting = shown(page)
    page.keyboard.press(".")
    eventually(lambda: at_rest(page) and shown(page) != resting, what="a single picture on")

    page.get_by_role("button", name="2x", exact=True).click()
    page.get_by_role("button", name="Reproduzir").click()
    eventually(lambda: settled(page) and min(shown(page)) > max(resting) + 2, what="twice as fast")
    assert median_apart(page, 2) < 2 * MOST_APART_S, "at 2x a difference is seen half as long"


@pytest.mark.req("S7.3")
def test_what_hls_is_too_slow_for_goes_on_by_webrtc_for_all_of_them(page: Page, start: datetime) -> None:
    page.get_by_role("button", name="8x", exact=True).click()

    def is_far() -> bool:
        clocks = shown(page)
        return len(clocks) == 3 and min(clocks) > start.timestamp() + 20

    eventually(is_far, what="20 s at 8x")
    engines = page.get_by_test_id("player-video").evaluate_all("(all) => all.map((v) => v.dataset.engine)")
    assert engines[:3] == ["webrtc"] * 3


@pytest.mark.req("S9.1")
def test_the_recordings_of_the_mosaic_on_screen_are_one_click_away(four: BoxProcess, page: Page) -> None:
    page.get_by_role("button", name="Mosaico").click()
    expect(page.get_by_test_id("camera-tile")).to_have_count(4)
    page.get_by_role("button", name="Rever gravações juntas").click()
    expect(page.get_by_test_id("together-tile")).to_have_count(4)
    page.get_by_role("button", name="Exportar trecho").click()
    chosen = page.get_by_role("list", name="Câmeras escolhidas").get_by_role("listitem")
    expect(chosen).to_have_count(4)


def at_rest(page: Page) -> bool:
    """All stand, at one moment: a camera that stopped elsewhere is brought there."""
    clocks = shown(page)
    page.wait_for_timeout(400)
    return len(clocks) == 3 and clocks == shown(page) and apart(clocks) < MOST_APART_S


def near(page: Page, at: datetime) -> bool:
    clocks = shown(page)
    return len(clocks) == 3 and all(abs(clock - at.timestamp()) < 1.5 for clock in clocks)
