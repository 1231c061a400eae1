"""The central takes a prefeitura in, and takes days of footage away only when told what is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.system import DemoSystem
from tests.e2e.test_main_job import api, log_in


@pytest.mark.req("S2.2")
def test_the_central_takes_a_prefeitura_in_and_is_warned_before_a_plan_is_made_smaller(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "admin", system.password)
    page.get_by_role("link", name="Prefeituras").click()
    page.get_by_role("button", name="Cadastrar prefeitura").click()
    dialog = page.get_by_role("dialog", name="Cadastrar prefeitura")
    dialog.get_by_label("Nome").fill("Águas Claras")
    dialog.get_by_label("Plano").select_option(label="Plano 30 dias: guarda por 30 dias")
    dialog.get_by_label("Código").fill("Águas Claras")
    dialog.get_by_role("button", name="Cadastrar", exact=True).click()
    expect(dialog.get_by_text("letras minúsculas sem acento").first).to_be_visible()
    dialog.get_by_label("Código").fill("aguas-claras")
    dialog.get_by_role("button", name="Cadastrar", exact=True).click()

    dialog = page.get_by_role("dialog", name="Águas Claras")
    use = dialog.get_by_label("Em uso")
    expect(use).to_contain_text("0 de 1.000")
    expect(use).to_contain_text("0 de 5")
    assert "aberta=aguas-claras" in page.url, "a colleague cannot open what is open here"

    save = dialog.get_by_role("button", name="Salvar")
    dialog.get_by_label("Plano").select_option(label="Plano 7 dias: guarda por 7 dias")
    expect(dialog.get_by_role("alert")).to_contain_text("apagam as gravações com mais de 7 dias")
    expect(save).to_be_disabled()
    page.screenshot(path=screenshots / "hub-city-smaller-plan.png")
    dialog.get_by_label("Entendo que essas gravações serão apagadas").check()
    dialog.get_by_label("Plano").select_option(label="Plano 15 dias: guarda por 15 dias")
    expect(save).to_be_disabled()
    dialog.get_by_label("Entendo que essas gravações serão apagadas").check()
    save.click()
    expect(dialog.get_by_role("status")).to_contain_text("Salvo")
    plans = {city["code"]: city["plan"] for city in api(system, "admin").get("/cities").json()}
    assert plans["aguas-claras"]["retention_days"] == 15

    renamed = api(system, "admin").patch("/cities/aguas-claras", json={"name": "Águas Claras do Sul"})
    assert renamed.status_code == 200
    dialog.get_by_label("Fuso horário").select_option("America/Manaus")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("alterado enquanto você editava")
    expect(page.get_by_role("dialog", name="Águas Claras do Sul")).to_be_visible()
    zones = {city["code"]: city["timezone"] for city in api(system, "admin").get("/cities").json()}
    assert zones["aguas-claras"] == "America/Sao_Paulo", "nobody's change is made on top of one unseen"

    page.keyboard.press("Escape")
    page.get_by_label("Procurar").fill("aguas")
    table = page.get_by_role("table", name="Prefeituras")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("Plano 15 dias")
    page.screenshot(path=screenshots / "hub-cities.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "hub-cities-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"


@pytest.mark.req("S1.2")
def test_a_gestor_does_not_open_the_page_of_the_prefeituras(system: DemoSystem, page: Page) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    expect(page.get_by_role("navigation", name="Páginas")).to_be_visible()
    expect(page.get_by_role("link", name="Prefeituras")).to_have_count(0)
    page.goto(f"{system.hub_url}/prefeituras")
    expect(page.get_by_role("heading", name="Placas")).to_be_visible()
