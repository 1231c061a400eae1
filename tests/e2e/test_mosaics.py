"""A mosaic at the hub: made, watched live, and seen by a colleague."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.system import CAMERAS, DemoSystem
from tests.e2e.test_live import plays_live
from tests.e2e.test_main_job import log_in


@pytest.mark.req("S9.1")
def test_a_mosaic_of_four_cameras_is_made_watched_and_shared(
    system: DemoSystem, page: Page, browser: Browser, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Mosaicos").click()
    page.get_by_role("button", name="Novo mosaico").click()
    dialog = page.get_by_role("dialog", name="Novo mosaico")
    dialog.get_by_label("Nome").fill("Centro")
    for place, name in enumerate(CAMERAS.values(), start=1):
        dialog.get_by_label(f"Câmera {place}").select_option(label=name)
    dialog.get_by_label("Mostrar a todos da prefeitura").check()
    dialog.get_by_role("button", name="Salvar").click()
    tiles = page.get_by_test_id("mosaic-tile")
    expect(tiles).to_have_count(4)
    expect(page).to_have_url(re.compile("mosaico="))
    for tile in tiles.all():
        plays_live(tile.get_by_test_id("live-video"))
    page.screenshot(path=screenshots / "hub-mosaic.png")

    with browser.new_context(locale="pt-BR") as context:
        other = context.new_page()
        log_in(other, system.hub_url, "visualizador", system.password)
        expect(other.get_by_role("link", name="Mosaicos")).to_be_visible()
        other.goto(page.url)
        expect(other.get_by_test_id("mosaic-tile")).to_have_count(4)
        plays_live(other.get_by_test_id("live-video").first)
        expect(other.get_by_role("button", name="Excluir")).to_have_count(0)

    page.get_by_role("button", name=f"Ampliar {CAMERAS['cam2']}").click()
    enlarged = page.get_by_role("dialog", name=f"Ao vivo: {CAMERAS['cam2']}")
    plays_live(enlarged.get_by_test_id("live-video"))
    enlarged.get_by_role("button", name="Fechar").click()
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Excluir").click()
    expect(page.get_by_text("Nenhum mosaico")).to_be_visible()
