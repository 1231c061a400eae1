"""The console's timeline in a real browser: by wheel, fingers and keys, and a clip of a span of it."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.integration.edge.browser import console_page
from tests.integration.edge.playback_rig import footage_since, open_recording, picture_clock, shows
from tests.integration.edge.rig import BoxProcess, eventually

BRASILIA = timedelta(hours=-3)


@pytest.fixture(scope="module")
def start(box: BoxProcess) -> datetime:
    return footage_since(box, "cam1", 25)


@pytest.fixture
def page(box: BoxProcess, start: datetime) -> Iterator[Page]:
    with console_page(box.console_url) as made:
        made.set_viewport_size({"width": 1366, "height": 768})
        open_recording(made, box, start + timedelta(seconds=10))
        made.get_by_test_id("timeline-span").last.wait_for()
        yield made


def shown_seconds(bar: Locator) -> float:
    low, high = (float(bar.get_attribute(name) or 0) for name in ("aria-valuemin", "aria-valuemax"))
    return (high - low) / 1000


def shown_from(bar: Locator) -> float:
    """The first instant that is shown, Unix seconds."""
    return float(bar.get_attribute("aria-valuemin") or 0) / 1000


def place_of(bar: Locator, at: datetime) -> tuple[float, float]:
    """Where an instant is on the screen."""
    low, high = (float(bar.get_attribute(name) or 0) for name in ("aria-valuemin", "aria-valuemax"))
    box = bar.bounding_box()
    assert box is not None
    fraction = (at.timestamp() * 1000 - low) / (high - low)
    return box["x"] + fraction * box["width"], box["y"] + box["height"] / 2


@pytest.mark.req("S7.2")
def test_the_wheel_goes_from_a_month_to_two_seconds_and_the_instant_under_the_pointer_stays(
    page: Page, start: datetime
) -> None:
    bar = page.get_by_test_id("timeline")
    page.get_by_role("button", name="30 dias").click()
    assert shown_seconds(bar) == 30 * 86_400
    at = start + timedelta(seconds=12)
    page.mouse.move(*place_of(bar, at))
    for _ in range(60):
        page.mouse.wheel(0, -100)
    eventually(lambda: shown_seconds(bar) == 2, what="two seconds")
    page.get_by_role("button", name="1 min", exact=True).click()
    pointer = place_of(bar, at)
    page.mouse.move(*pointer)
    page.mouse.wheel(0, -400)
    eventually(lambda: shown_seconds(bar) == 15, what="a quarter of the minute")
    assert place_of(bar, at) == pytest.approx(pointer, abs=4)
    page.mouse.move(*place_of(bar, at))
    expect(page.get_by_test_id("pointed-time")).to_have_text(
        f"{(at + BRASILIA).strftime('%d/%m/%Y %H:%M:%S')}"
    )
    eventually(
        lambda: page.get_by_test_id("thumbnail").evaluate("(image) => image.naturalWidth > 0"),
        what="the picture under the pointer",
    )
    page.screenshot(path=".run/console-timeline-seconds.png")
    page.mouse.click(*place_of(bar, at))
    eventually(lambda: shows(page, at), what="the moment that was clicked")


@pytest.mark.req("S8.1")
def test_a_span_that_is_dragged_is_exported_with_progress_and_can_be_verified(
    page: Page, start: datetime
) -> None:
    bar = page.get_by_test_id("timeline")
    page.get_by_role("button", name="1 min", exact=True).click()
    page.get_by_role("button", name="Marcar trecho").click()
    first, last = start + timedelta(seconds=6), start + timedelta(seconds=14)
    page.mouse.move(*place_of(bar, first))
    page.mouse.down()
    page.mouse.move(*place_of(bar, first + timedelta(seconds=3)))
    page.mouse.move(*place_of(bar, last))
    page.mouse.up()
    expect(page.get_by_test_id("timeline-mark")).to_be_visible()
    page.screenshot(path=".run/console-timeline-marked.png")
    page.get_by_role("button", name="Exportar trecho marcado").click()
    dialog = page.get_by_role("dialog")
    local = [(at + BRASILIA).strftime("%d/%m/%Y %H:%M:%S") for at in (first, last)]
    for label, text in zip(("Início", "Fim"), local, strict=True):
        value = dialog.get_by_label(label, exact=True).input_value()
        apart = datetime.strptime(value, "%d/%m/%Y %H:%M:%S") - datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
        assert abs(apart) <= timedelta(seconds=1)
    dialog.get_by_label("Motivo").fill("Ofício 7/2026")
    dialog.get_by_role("button", name="Exportar", exact=True).click()
    row = page.get_by_test_id("clip-row").filter(has_text="Ofício 7/2026")
    expect(row).to_contain_text("Pronto", timeout=20_000)
    page.screenshot(path=".run/console-clips.png")
    with page.expect_download() as download:
        row.get_by_role("link", name=re.compile("Baixar")).click()
    content = Path(download.value.path()).read_bytes()
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert any(name.endswith(".mp4") for name in names)
    assert any("manifest" in name for name in names), names


@pytest.mark.req("S7.1")
def test_a_guard_jumps_to_a_time_that_he_types(page: Page, start: datetime) -> None:
    at = (start + timedelta(seconds=18)).replace(microsecond=0)
    page.locator("h2").click()
    page.keyboard.press("g")
    field = page.get_by_role("dialog").get_by_role("textbox", name="Data e hora")
    expect(field).to_be_focused()
    page.keyboard.type((at + BRASILIA).strftime("%H:%M:%S"))
    page.keyboard.press("Enter")
    eventually(lambda: shows(page, at), what="the time that was typed")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_contain_text("Ir para um horário")


@pytest.mark.req("S7.2")
def test_fingers_move_the_timeline_pinch_it_and_tap_a_moment(box: BoxProcess, start: datetime) -> None:
    with console_page(box.console_url, touch=True) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        open_recording(page, box, start + timedelta(seconds=10))
        page.get_by_test_id("timeline-span").last.wait_for()
        bar = page.get_by_test_id("timeline")
        bar.scroll_into_view_if_needed()
        eventually(lambda: picture_clock(page), what="the recording")
        page.get_by_role("button", name="Pausar").click()
        page.get_by_role("button", name="1 min", exact=True).click()
        bounds = bar.bounding_box()
        assert bounds is not None
        middle, y = bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2
        fingers = Fingers(page)
        fingers.drag([(middle - 30, y), (middle + 30, y)], [(middle - 120, y), (middle + 120, y)])
        eventually(lambda: 14 < shown_seconds(bar) < 16, what="a quarter of the minute")
        earlier = shown_from(bar) - 100 / bounds["width"] * shown_seconds(bar)
        fingers.drag([(middle, y)], [(middle + 100, y)])
        eventually(lambda: abs(shown_from(bar) - earlier) < 0.1, what="as much earlier as the finger went")
        # Where the recording was paused depends on the machine: what is tapped is on screen and has footage.
        at = max(start, datetime.fromtimestamp(shown_from(bar), UTC)) + timedelta(seconds=4)
        page.touchscreen.tap(*place_of(bar, at))
        eventually(lambda: shows(page, at), what="the moment that was tapped")
        page.screenshot(path=".run/console-timeline-phone.png")
        assert small_targets(page) == []


class Fingers:
    """Touches as a screen sends them."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def drag(self, begin: list[tuple[float, float]], end: list[tuple[float, float]], steps: int = 8) -> None:
        self._send("touchStart", begin)
        for step in range(1, steps + 1):
            part = step / steps
            self._send(
                "touchMove",
                [
                    (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
                    for (x0, y0), (x1, y1) in zip(begin, end, strict=True)
                ],
            )
        self._send("touchEnd", [])

    def _send(self, what: str, points: list[tuple[float, float]]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": touches})


def small_targets(page: Page) -> list[str]:
    """What is tapped and is less than 44 px high or wide (WCAG 2.2, 2.5.5), in words."""
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    found: list[str] = page.evaluate("""() => [...document.querySelectorAll(
        "button, a[href], input:not([aria-hidden]), select, [role=slider]")]
      .filter((element) => element.checkVisibility())
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, {width, height}]) => width > 0 && (width < 43.5 || height < 43.5))
      .map(([element, {width, height}]) =>
        `${element.ariaLabel || element.textContent} ${Math.round(width)}x${Math.round(height)}`)""")
    return found
