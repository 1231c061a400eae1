"""A guard before a thousand cameras, in a real browser: any of them within a few keys, also a removed one."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from edge_agent.box import Box
from edge_agent.clock import now_us
from edge_agent.config import DataFolder, Identity
from edge_agent.console.app import create_app
from protocol.messages import DesiredCamera
from tests.integration.edge.browser import console_page
from tests.integration.edge.rig import desired, eventually
from tests.unit.edge.builders import MINUTE
from tests.unit.edge.conftest import video
from tests.unit.edge.test_playback_player import store_recording

__all__ = ["video"]  # a fixture

CAMERAS = 1000


def numbered(number: int) -> DesiredCamera:
    # Ids as the hub gives them say nothing about the order of the names.
    identifier = f"{CAMERAS - number:08d}-d9cb-469f-a165-70867728950e"
    return DesiredCamera(id=identifier, name=f"Câmera {number}", rtsp_url=f"rtsp://10.0.0.1/{number}")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[str]:
    """The console of a box that records nothing now; the camera `cam1` was removed after ten seconds."""
    folder = tmp_path_factory.mktemp("many")
    DataFolder(folder).prepare().save_identity(Identity("sao-bento", "caixa-01", "127.0.0.1", 1), b"", "", "")
    box = Box.open(folder)
    cameras = [numbered(number) for number in range(1, CAMERAS + 1)]
    coreto = DesiredCamera(id="cam1", name="Coreto", rtsp_url="rtsp://10.0.0.2/1")
    box.desired.receive(desired(1, coreto, *cameras))
    store_recording(box, video, now_us() - 10 * MINUTE)
    box.desired.receive(desired(2, *cameras))
    server = uvicorn.Server(uvicorn.Config(create_app(box), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started, what="the console")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    box.store.close()


@pytest.fixture
def page(console: str) -> Iterator[Page]:
    with console_page(console) as made:
        made.set_viewport_size({"width": 1366, "height": 768})
        made.goto(console)
        made.get_by_test_id("camera-tile").first.wait_for()
        yield made


def within_the_screen(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return wide


@pytest.mark.req("E4")
def test_the_mosaic_is_leafed_through_with_a_pager_that_stays_on_the_screen(page: Page) -> None:
    tiles = page.get_by_test_id("camera-tile")
    pager = page.get_by_role("navigation", name="Páginas do mosaico")
    expect(tiles.first).to_have_accessible_name("Ampliar Câmera 1")
    expect(pager).to_contain_text("1 de 250")
    page.screenshot(path=".run/console-thousand.png")
    pager.get_by_role("button", name="Próxima página").click()
    expect(tiles.first).to_have_accessible_name("Ampliar Câmera 5")
    pager.get_by_role("button", name="Última página").click()
    expect(tiles.last).to_have_accessible_name("Ampliar Câmera 1000")
    expect(pager.get_by_role("button", name="Próxima página")).to_be_disabled()
    page.reload()
    expect(tiles.last).to_have_accessible_name("Ampliar Câmera 1000")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=".run/console-thousand-phone.png", full_page=True)
    assert within_the_screen(page)


@pytest.mark.req("E4")
def test_any_camera_is_a_few_keys_away(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_label("Procurar câmera").last).to_be_focused()
    lines = page.get_by_test_id("finder-line")
    expect(lines.first).to_contain_text("Câmera 1")
    assert lines.count() < 40, "only what is in sight is drawn"
    page.screenshot(path=".run/console-finder.png")
    page.keyboard.type("camera 73")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status").first).to_contain_text("Câmera 730")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Câmera 730")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.req("E4")
def test_the_list_scrolls_to_its_end(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("list", name="Câmeras da caixa").evaluate(
        "(list) => { list.parentElement.scrollTop = list.parentElement.scrollHeight; }"
    )
    expect(page.get_by_test_id("finder-line").last).to_contain_text("Coreto")
    expect(page.get_by_text("Câmera 1000", exact=True)).to_be_visible()
    page.screenshot(path=".run/console-finder-end.png")


@pytest.mark.req("S9.1")
def test_a_guard_puts_a_mosaic_together_and_changes_a_tile_of_it(page: Page) -> None:
    page.keyboard.press("/")
    for name in ("Câmera 500", "Câmera 900"):
        page.get_by_label("Procurar câmera").last.fill(name)
        page.get_by_role("button", name=f"Pôr no mosaico: {name}", exact=True).click()
    page.get_by_text("No mosaico: 2 de 4").wait_for()
    page.screenshot(path=".run/console-finder-mosaic.png")
    page.get_by_role("button", name="Ver mosaico").click()
    tiles = page.get_by_test_id("camera-tile")
    expect(tiles).to_have_count(2)
    page.get_by_role("button", name="Trocar Câmera 900").click()
    page.keyboard.type("camera 42")
    page.keyboard.press("Enter")
    expect(tiles.last).to_have_accessible_name("Ampliar Câmera 42")
    page.screenshot(path=".run/console-own-mosaic.png")
    page.reload()
    expect(tiles.last).to_have_accessible_name("Ampliar Câmera 42")
    page.get_by_role("button", name="Ver todas as câmeras").click()
    expect(tiles).to_have_count(4)


@pytest.mark.req("S7.1")
def test_the_footage_of_a_removed_camera_is_found_played_and_exported(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("coreto")
    page.get_by_role("heading", name="Câmeras removidas").wait_for()
    page.screenshot(path=".run/console-removed.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=".run/console-removed-phone.png")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Coreto")).to_be_visible()
    expect(page.get_by_text("Removida · guardada até")).to_be_visible()
    eventually(
        lambda: page.get_by_test_id("player-video").evaluate("(video) => video.readyState >= 2"),
        what="a picture of the removed camera",
    )
    assert page.get_by_role("button", name="Voltar ao vivo").count() == 0
    page.screenshot(path=".run/console-removed-playing.png")
    video = page.get_by_test_id("player-video")
    page.get_by_role("button", name="HLS", exact=True).click()
    expect(video).to_have_attribute("data-engine", "hls")
    eventually(
        lambda: video.evaluate("(video) => !video.srcObject && video.readyState >= 2"),
        what="a picture by HLS",
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=".run/console-removed-playing-phone.png", full_page=True)
    assert within_the_screen(page)
    page.set_viewport_size({"width": 1366, "height": 768})

    page.get_by_role("button", name="Exportar trecho").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Tirar Coreto (removida)")).to_be_visible()
    dialog.get_by_label("Procurar câmera").fill("camera 42")
    dialog.get_by_role("checkbox", name="Câmera 42", exact=True).check()
    dialog.get_by_label("Motivo").fill("Ofício 12/2026")
    page.screenshot(path=".run/console-export.png")
    dialog.get_by_role("button", name="Exportar", exact=True).click()
    expect(page.get_by_text("Ofício 12/2026")).to_be_visible()
