"""A gestor looks after the guards of the prefeitura: lets one in, and shuts one out at once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.system import DemoSystem
from tests.e2e.test_main_job import log_in

PASSWORD = "uma frase que só Joana sabe"


@pytest.mark.req("S2.3", "S1.1")
def test_a_gestor_lets_a_guard_in_and_shuts_the_guard_out_at_once(
    system: DemoSystem, page: Page, browser: Browser, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Pessoas").click()
    page.get_by_role("button", name="Cadastrar pessoa").click()
    dialog = page.get_by_role("dialog", name="Cadastrar pessoa")
    expect(dialog.get_by_role("status")).to_contain_text(re.compile("Em uso: [1-4] de 5"))
    dialog.get_by_label("Nome", exact=True).fill("Joana Guarda")
    dialog.get_by_label("Nome de usuário").fill("joana")
    page.screenshot(path=screenshots / "hub-new-person.png")
    dialog.get_by_role("button", name="Cadastrar", exact=True).click()
    added = page.get_by_role("dialog", name="Joana Guarda pode entrar")
    link = added.get_by_label("Link para escolher a senha").input_value()
    page.screenshot(path=screenshots / "hub-password-link.png")
    added.get_by_role("button", name="Concluir").click()
    people = page.get_by_role("table", name="Pessoas")
    expect(people.get_by_role("row").filter(has_text="Joana Guarda")).to_contain_text("Visualizador")
    page.screenshot(path=screenshots / "hub-people.png")

    context = browser.new_context()
    guard = context.new_page()
    guard.goto(link)
    guard.get_by_label("Nova senha").fill(PASSWORD)
    guard.get_by_label("A mesma senha, outra vez").fill(PASSWORD)
    guard.screenshot(path=screenshots / "hub-choose-password.png")
    guard.get_by_role("button", name="Guardar a senha").click()
    expect(guard.get_by_role("status")).to_contain_text("Senha escolhida")
    log_in(guard, system.hub_url, "joana", PASSWORD)
    expect(guard.get_by_role("navigation", name="Páginas")).to_be_visible()
    expect(guard.get_by_role("link", name="Pessoas")).to_have_count(0)
    guard.goto(f"{system.hub_url}/pessoas")
    expect(guard.get_by_role("heading", name="Placas")).to_be_visible()

    page.get_by_role("button", name="Cuidar de joana").click()
    dialog = page.get_by_role("dialog", name="Joana Guarda")
    expect(dialog.get_by_role("heading", name=re.compile("Sessões abertas: [12]"))).to_be_visible()
    page.screenshot(path=screenshots / "hub-person.png")
    page.on("dialog", lambda question: question.accept())
    dialog.get_by_role("button", name="Desativar").click()
    expect(dialog.get_by_role("button", name="Reativar")).to_be_visible()
    guard.reload()
    expect(guard.get_by_role("button", name="Entrar")).to_be_visible()
    context.close()
    page.keyboard.press("Escape")
    expect(people.get_by_text("Joana Guarda")).to_have_count(0)
    page.get_by_label("Mostrar desativadas").check()
    expect(people.get_by_role("row").filter(has_text="Joana Guarda")).to_contain_text("Desativada")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "hub-people-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"
