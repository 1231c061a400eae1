"""A box as its gestor and the central see it: how it is, asked from afar, and its certificate."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.system import DemoSystem
from tests.e2e.test_main_job import log_in


@pytest.mark.req("S2.1", "E6")
def test_a_box_is_looked_at_and_asked_from_afar(system: DemoSystem, page: Page, screenshots: Path) -> None:
    log_in(page, system.hub_url, "admin", system.password)
    page.get_by_role("link", name="Caixas").click()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text("Conectada", exact=True)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("definition").filter(has_text="4 de 4")).to_be_visible(timeout=60_000)
    configuration = page.get_by_role("region", name="Configuração")
    expect(configuration).to_contain_text("Em dia", timeout=20_000)

    commands = page.get_by_role("region", name="Comandos")
    commands.get_by_role("button", name="Diagnóstico").click()
    answer = commands.get_by_test_id("node-command").first
    expect(answer).to_contain_text("Feito", timeout=30_000)
    expect(answer).to_contain_text(re.compile("Bem|Mal"))
    page.screenshot(path=screenshots / "hub-box.png", full_page=True)
    commands.get_by_label("Câmera").select_option(label="Praça da Matriz")
    commands.get_by_role("button", name="Testar câmera").click()
    expect(commands.get_by_test_id("node-command").first).to_contain_text(
        "pronto para gravar", timeout=60_000
    )

    identity = page.get_by_role("region", name="Identidade")
    expect(identity).to_contain_text("Certificado válido")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "hub-box-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"


@pytest.mark.req("S2.1")
def test_a_new_box_gets_the_command_that_enrols_it(system: DemoSystem, page: Page, screenshots: Path) -> None:
    log_in(page, system.hub_url, "admin", system.password)
    page.get_by_role("link", name="Caixas").click()
    page.get_by_role("button", name="Nova caixa").click()
    dialog = page.get_by_role("dialog", name="Nova caixa")
    dialog.get_by_label("Prefeitura").select_option(label="São Bento do Vale")
    dialog.get_by_label("Código").fill("caixa-09")
    dialog.get_by_role("button", name="Criar").click()
    expect(page.get_by_role("heading", name="Caixa caixa-09")).to_be_visible()
    identity = page.get_by_role("region", name="Identidade")
    expect(identity).to_contain_text("Ainda não cadastrada")
    identity.get_by_role("button", name="Gerar comando de cadastro").click()
    expect(identity.get_by_role("img", name="Código QR do comando de cadastro")).to_be_visible()
    expect(identity.get_by_test_id("enrol-command")).to_contain_text("gtv edge enrol")
    page.screenshot(path=screenshots / "hub-enrol.png", full_page=True)
