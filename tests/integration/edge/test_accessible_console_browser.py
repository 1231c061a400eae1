"""Every page of the console for everybody: without grave findings by axe, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import grave_violations
from tests.integration.edge.browser import console_page
from tests.integration.edge.playback_rig import footage_since, picture_clock, shows
from tests.integration.edge.rig import BoxProcess, eventually

BRASILIA = timedelta(hours=-3)


@pytest.fixture(scope="module")
def start(box: BoxProcess) -> datetime:
    return footage_since(box, "cam1", 15)


@pytest.fixture
def page(box: BoxProcess) -> Iterator[Page]:
    with console_page(box.console_url) as made:
        made.set_viewport_size({"width": 1366, "height": 768})
        yield made


def stands(page: Page) -> None:
    page.get_by_test_id("camera-tile").first.wait_for()


def dialog(page: Page) -> None:
    page.get_by_role("dialog").wait_for()


def plays(page: Page) -> None:
    eventually(lambda: picture_clock(page), what="a picture")


#: Of each page: its address, and when it is there.
PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "mosaic": ("", stands),
    "own mosaic": ("?mosaico=cam2,cam1", stands),
    "live": ("?camera=cam1", lambda page: page.get_by_test_id("timeline").wait_for()),
    "recording": ("?camera=cam1&desde={at}", plays),
    "together": ("?juntas=cam1,cam2&desde={at}", plays),
    "finder": ("?tela=lista", dialog),
    "clips": ("?tela=recortes", dialog),
    "holds": ("?tela=protecoes", dialog),
    "alarms": ("?tela=alarmes", dialog),
    "keys": ("?tela=atalhos", dialog),
    "cameras": ("?tela=cameras", dialog),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_grave(page: Page, box: BoxProcess, start: datetime, name: str) -> None:
    address, is_there = PAGES[name]
    at = (start + timedelta(seconds=2)).isoformat().replace("+00:00", "Z")
    page.goto(f"{box.console_url}/{address.format(at=at)}")
    is_there(page)
    assert grave_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert grave_violations(page) == [], "on a phone"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"


def test_axe_finds_nothing_grave_where_a_guard_signs_in(page: Page, box: BoxProcess) -> None:
    page.context.clear_cookies()
    page.goto(box.console_url)
    page.get_by_label("Senha").wait_for()
    assert grave_violations(page) == []


def test_axe_finds_what_is_grave(page: Page) -> None:
    page.set_content("<html lang=pt><title>x</title><main><button></button></main>")
    assert any(found.startswith("button-name") for found in grave_violations(page))


@pytest.mark.req("E4", "S8.1")
def test_a_camera_is_opened_a_moment_found_and_a_clip_exported_by_keyboard_alone(
    page: Page, box: BoxProcess, start: datetime
) -> None:
    page.goto(box.console_url)
    stands(page)
    keys = page.keyboard
    keys.press("/")
    keys.type("cam1")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Câmera cam1")).to_be_visible()

    at = (start + timedelta(seconds=6)).replace(microsecond=0)
    keys.press("g")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    keys.type((at + BRASILIA).strftime("%d/%m/%Y %H:%M:%S"))
    keys.press("Enter")
    eventually(lambda: shows(page, at), what="the moment that was typed")

    keys.press("i")
    keys.press("ArrowRight")
    eventually(lambda: (picture_clock(page) or 0) > at.timestamp() + 8, what="ten seconds on")
    keys.press("o")
    expect(page.get_by_test_id("timeline-mark")).to_be_visible()
    keys.press("e")
    dialog(page)
    until_focused(page, "Motivo")
    keys.type("Pedido da delegacia")
    keys.press("Enter")
    row = page.get_by_test_id("clip-row").filter(has_text="Pedido da delegacia")
    expect(row).to_contain_text("Pronto", timeout=20_000)
    until_focused(page, "Baixar: Pedido da delegacia")
    with page.expect_download() as download:
        keys.press("Enter")
    assert re.search(r"\.zip$", download.value.suggested_filename)
    keys.press("Escape")
    keys.press("m")
    stands(page)


def until_focused(page: Page, label: str) -> None:
    """Tab on to what has this label."""
    wanted = page.get_by_label(label, exact=True)
    for _ in range(30):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no Tab comes to {label}")
