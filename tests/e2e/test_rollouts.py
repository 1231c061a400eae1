"""A version of the boxes' software is brought out; a box that cannot take it stops the rest and says why."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.system import DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.test_main_job import log_in


@pytest.mark.req("S2.1")
def test_a_rollout_is_begun_halted_by_a_box_that_fails_and_cancelled(
    system: DemoSystem, page: Page, screenshots: Path, tmp_path: Path
) -> None:
    log_in(page, system.hub_url, "admin", system.password)
    page.get_by_role("link", name="Atualizações").click()
    expect(page.get_by_text("Nenhuma atualização", exact=True)).to_be_visible()
    with zipfile.ZipFile(tmp_path / "gt_vision-9.9.9-py3-none-any.whl", "w") as wheel:
        wheel.writestr("gtv/__init__.py", "# no program at all\n")
    system.hub("add-release", str(tmp_path), "--notes", "Só para ver a atualização parar")
    page.reload()

    page.get_by_role("button", name="Atualizar as caixas").click()
    dialog = page.get_by_role("dialog", name="Atualizar as caixas")
    expect(dialog.get_by_label("Versão", exact=True)).to_have_value("9.9.9")
    dialog.get_by_label("Caixas que vão primeiro").fill("sao-bento-do-vale/caixa-99")
    dialog.get_by_role("button", name="Começar").click()
    expect(dialog.get_by_role("alert").first).to_be_visible()
    dialog.get_by_label("Caixas que vão primeiro").fill("")
    page.screenshot(path=screenshots / "hub-new-rollout.png")
    dialog.get_by_role("button", name="Começar").click()

    rollout = page.get_by_role("region", name="Atualização para 9.9.9")
    # The demonstration's box was started without the launcher that changes versions.
    expect(rollout.get_by_text("Parada por falha")).to_be_visible(timeout=90_000)
    row = rollout.get_by_role("row").filter(has_text="caixa-01")
    expect(row).to_contain_text("lançador")
    page.screenshot(path=screenshots / "hub-rollout.png", full_page=True)
    assert grave_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "hub-rollout-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"
    page.set_viewport_size({"width": 1366, "height": 768})

    page.on("dialog", lambda question: question.accept())
    rollout.get_by_role("button", name="Cancelar a atualização").click()
    expect(rollout.get_by_text("Cancelada", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Atualizar as caixas")).to_be_visible()
